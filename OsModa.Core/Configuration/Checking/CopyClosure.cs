using System.Globalization;
using System.Text;
using OsModa.Core.Nix;
using OsModa.Core.Operations;
using OsModa.Core.SafeSwitch;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;

namespace OsModa.Core.Configuration;

/// <summary>
/// Brings a system from the machine that built it to its server, through the dashboard: the two need not know or trust each other. What the server
/// has already is left out; what has arrived before a connection was lost, or of an earlier run, is not sent again.
/// </summary>
public sealed class CopyClosure(ShellOf shells)
{
    private const int MostPaths = 100_000, PieceBytes = 1024 * 1024, Tries = 5;

    private static readonly RemoteScript Export = RemoteScript.Embedded("export.sh") with { NeedsRoot = true };
    private static readonly RemoteScript Import = RemoteScript.Together("old-checks.sh", "import.sh") with { NeedsRoot = true };

    /// <param name="from">Where it was built.</param>
    /// <param name="to">Its server.</param>
    /// <param name="system">What is brought, with all that it needs.</param>
    /// <param name="run">The run of checks that built it.</param>
    /// <param name="arrived">Is told how much has arrived, on any thread.</param>
    /// <param name="cancellationToken">Stops between two pieces; what has arrived is taken up by the next try, also of another run.</param>
    /// <returns>Why it did not come to that, in one sentence; null when the server has it.</returns>
    internal async Task<string?> RunAsync(ServerId from, ServerId to, StorePath system, Guid run, Action<CopyProgress> arrived, CancellationToken cancellationToken)
    {
        string? why = null;
        for (var tries = 0; tries < Tries; tries++)
        {
            try
            {
                return await TryAsync(from, to, system, run, arrived, cancellationToken);
            }
            catch (ConnectionException lost)
            {
                why = lost.Fault.Detail;
            }
        }

        return $"The system could not be copied to its server: {why}";
    }

    private async Task<string?> TryAsync(ServerId from, ServerId to, StorePath system, Guid run, Action<CopyProgress> arrived, CancellationToken cancellationToken)
    {
        var builder = await shells(from, cancellationToken);
        var server = await shells(to, cancellationToken);
        var id = run.ToString("D");
        var paths = await LinesAsync(builder, Export, ["list", id, system.Text], cancellationToken);
        if (paths.Count is 0 or > MostPaths || paths.Any(path => !StorePath.TryParse(path, out _)))
        {
            return "The builder does not tell which paths the system needs.";
        }

        var missing = await LinesAsync(server, Import, ["missing", id, string.Join('\n', paths)], cancellationToken);
        var pack = "";
        if (missing.Count > 0)
        {
            var answer = await LinesAsync(builder, Export, ["pack", id, string.Join('\n', missing.Where(path => StorePath.TryParse(path, out _)))], cancellationToken);
            if (answer is not [var told] || told.Split(' ') is not [var bytes, { Length: 64 } name] || !name.All(char.IsAsciiHexDigitLower) || !long.TryParse(bytes, NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            {
                return $"The builder could not pack the system: {JournalLine.Harmless(string.Join(' ', answer))}";
            }

            pack = name;
            await SendAsync(builder, server, id, pack, size, arrived, cancellationToken);
        }

        var done = await LinesAsync(server, Import, ["take", id, pack, system.Text], cancellationToken);
        await LinesAsync(builder, Export, ["drop", id, ""], cancellationToken);
        return done is ["taken"] ? null : $"The server could not take the system: {JournalLine.Harmless(string.Join(' ', done))}";
    }

    private static async Task SendAsync(IRemoteShell builder, IRemoteShell server, string id, string pack, long size, Action<CopyProgress> arrived, CancellationToken cancellationToken)
    {
        var have = await NumberAsync(server, ["have", id, pack], cancellationToken);
        arrived(new CopyProgress(have, size));
        while (have < size)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var piece = string.Concat(await LinesAsync(builder, Export, ["piece", id, $"{have}", $"{PieceBytes}"], cancellationToken));
            var now = await NumberAsync(server, ["piece", id, pack, $"{have}", piece], cancellationToken);
            if (now <= have)
            {
                throw new ConnectionException(new ConnectionFault(ConnectionFaultKind.Misbehaving, "The server cannot write what is sent to it: its disk is full or read-only."));
            }

            have = now;
            arrived(new CopyProgress(have, size));
        }
    }

    private static async Task<long> NumberAsync(IRemoteShell shell, string[] arguments, CancellationToken cancellationToken) =>
        await LinesAsync(shell, Import, arguments, cancellationToken) is [var text] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static async Task<List<string>> LinesAsync(IRemoteShell shell, RemoteScript script, string[] arguments, CancellationToken cancellationToken)
    {
        var run = await shell.StartAsync(script, arguments, cancellationToken);
        await using (run)
        {
            var lines = new List<string>();
            await foreach (var line in run.ReadLinesAsync(cancellationToken))
            {
                if (line.Length > 0 && lines.Count <= MostPaths)
                {
                    lines.Add(Encoding.UTF8.GetString(line.Span));
                }
            }

            return lines;
        }
    }
}
