using OsModa.Core.Servers;

namespace OsModa.Core.Configuration;

/// <summary>What a person says of changes on a server that are to be taken over.</summary>
public sealed record TakeOverForm
{
    public required ServerId Server { get; init; }

    /// <summary>What it does, in one line; see <see cref="TitleOf"/>.</summary>
    public required string Title { get; init; }

    /// <summary>Why, in one line; may be empty where the server asks for none.</summary>
    public string Reason { get; init; } = "";

    /// <summary>It cannot be merged before a second person has approved it.</summary>
    public bool NeedsApproval { get; init; }

    /// <summary>The title to begin with.</summary>
    public static string TitleOf(string server) => $"What was changed on {server} is taken over";
}
