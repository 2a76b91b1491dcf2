namespace OsModa.Core.Comparison;

/// <summary>Which system the server was started with, beside the two that are compared: what it booted goes on running until the next reboot.</summary>
public enum BootedSystem
{
    /// <summary>Not known, or not heard lately.</summary>
    Unknown,

    /// <summary>The one that is left.</summary>
    From,

    /// <summary>The one that is gone to: all that it boots with runs already.</summary>
    To,

    /// <summary>Neither of the two.</summary>
    Other,
}
