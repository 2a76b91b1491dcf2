using System.Globalization;
using System.Text;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Ssh;

namespace OsModa.Core.SafeSwitch;

/// <summary>What a server itself knows of an operation, asked of it after we were away.</summary>
internal sealed record ServerTruth
{
    private const string HolderPrefix = "osModa operation ";
    private const int MaxLines = 2000;

    public required Guid BootId { get; init; }

    public StorePath? Current { get; init; }

    public StorePath? Profile { get; init; }

    public int? ProfileGeneration { get; init; }

    /// <summary>The operation that runs now; null when none of ours does.</summary>
    public Guid? Running { get; init; }

    /// <summary>Its timer of last resort is set: what was killed is undone yet, some 20 s later.</summary>
    public bool Guarded { get; init; }

    /// <summary>It has never begun, and the server will not let it begin any more.</summary>
    public bool Never { get; init; }

    /// <summary>Null when the server has no journal of it.</summary>
    public SwitchProgress? Progress { get; init; }

    /// <summary>Asks the server.</summary>
    /// <param name="shell">The server's.</param>
    /// <param name="operation">Which operation.</param>
    /// <param name="fence">If it has not begun by now, it never shall.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ConnectionException">It does not answer, or not sensibly.</exception>
    public static async Task<ServerTruth> ReadAsync(IRemoteShell shell, Guid operation, bool fence, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        await using var run = await shell.StartAsync(SwitchScripts.Read, fence ? [operation.ToString("D"), "fence"] : [operation.ToString("D")], cancellationToken);
        await foreach (var line in run.ReadLinesAsync(cancellationToken))
        {
            var text = Encoding.UTF8.GetString(line.Span);
            if (text == "end" || lines.Count == MaxLines)
            {
                break;
            }

            lines.Add(text);
        }

        return Parse(operation, lines) ?? throw new ConnectionException(new ConnectionFault(ConnectionFaultKind.Misbehaving, "The server did not tell how its operation stands."));
    }

    /// <summary>Null without the facts.</summary>
    internal static ServerTruth? Parse(Guid operation, IEnumerable<string> lines)
    {
        ServerTruth? facts = null;
        SwitchProgress? progress = null;
        var never = false;
        foreach (var line in lines)
        {
            var fields = line.Split('\t');
            switch (fields[0])
            {
                case "facts" when fields.Length >= 7 && Guid.TryParseExact(fields[1], "D", out var boot):
                    facts = new ServerTruth
                    {
                        BootId = boot,
                        Current = PathOf(fields[2]),
                        Profile = PathOf(fields[4]),
                        ProfileGeneration = fields[5].Length < 10 && int.TryParse(fields[5], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null,
                        Running = fields[6].StartsWith(HolderPrefix, StringComparison.Ordinal) && Guid.TryParseExact(fields[6][HolderPrefix.Length..], "D", out var id) ? id : null,
                        Guarded = fields.Length >= 8 && fields[7] == "guarded",
                    };
                    break;
                case "never":
                    never = true;
                    break;
                default:
                    progress = SwitchJournal.Follow(progress, line);
                    break;
            }
        }

        return facts is null ? null : facts with { Never = never && progress is null, Progress = progress?.Operation == operation ? progress : null };
    }

    private static StorePath? PathOf(string text) => StorePath.TryParse(text, out var path) ? path : null;
}
