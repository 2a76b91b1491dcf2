using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Servers;
using OsModa.Core.Servers;

namespace OsModa.Dashboard.Pages.Audit;

/// <summary>Which entries a page shows, as its address says it.</summary>
/// <param name="Kind">One of <see cref="Kinds"/>.</param>
/// <param name="Text">Anywhere in an entry.</param>
public sealed record LedgerShow(string Kind, string Text)
{
    public const string Everything = "everything";

    private const int LongestText = 200;

    public static IReadOnlyList<string> Kinds { get; } = [Everything, "rollbacks", "deployments", "drills", "people", "sign-ins", "by you", "from outside", "by servers"];

    public bool IsEverything => Kind == Everything && Text.Length == 0;

    /// <summary>Words that are none of ours mean everything.</summary>
    public static LedgerShow Of(string? kind, string? text) =>
        new(Kinds.FirstOrDefault(known => known == kind) ?? Everything, text?.Trim() is { Length: <= LongestText } wanted ? wanted : "");

    public LedgerFilter Filter(string you, ServerId? server) => new()
    {
        Source = server?.Value,
        Text = Text,
        Actor = Kind == "by you" ? you : "",
        Type = Kind switch
        {
            "rollbacks" => "server.roll-back",
            "deployments" => "server.deploy",
            "drills" => "server.drill",
            "people" => "member.",
            "sign-ins" => "person.",
            "from outside" => "server.switched-elsewhere",
            "by servers" => HostVerbs.Prefix,
            _ => "",
        },
    };

    /// <summary>The address that shows this.</summary>
    /// <param name="page">Without what it shows.</param>
    /// <param name="entry">One in full.</param>
    /// <param name="before">Only those with a smaller number.</param>
    public string Link(string page, long? entry = null, long? before = null)
    {
        string[] parts =
        [
            .. Kind == Everything ? (string[])[] : [$"show={Uri.EscapeDataString(Kind)}"],
            .. Text.Length == 0 ? (string[])[] : [$"q={Uri.EscapeDataString(Text)}"],
            .. before is { } older ? (string[])[$"before={older}"] : [],
            .. entry is { } number ? (string[])[$"entry={number}"] : [],
        ];
        return parts.Length == 0 ? page : $"{page}?{string.Join('&', parts)}";
    }
}
