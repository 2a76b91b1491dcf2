namespace OsModa.Core.Storage;

/// <summary>The dashboard must not start on this data; the message tells a person why and what can be done.</summary>
public sealed class StartRefusedException(string message, Exception? inner = null) : Exception(message, inner);
