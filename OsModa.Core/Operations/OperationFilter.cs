using OsModa.Core.Servers;

namespace OsModa.Core.Operations;

/// <summary>Which operations are asked for; without anything, all.</summary>
public sealed record OperationFilter
{
    /// <summary>Only on this one.</summary>
    public ServerId? Server { get; init; }

    /// <summary>Within the name of the one who began it, in any case of letters; empty: by anybody.</summary>
    public string Who { get; init; } = "";

    /// <summary>Begun then or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Begun before.</summary>
    public DateTimeOffset? Until { get; init; }
}
