using System.Globalization;
using System.Text;
using OsModa.Core.Nix;
using OsModa.Core.Operations;
using OsModa.Core.SafeSwitch;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;

namespace OsModa.Core.Configuration;

/// <summary>
/// Brings a system from the machine that built it to its server, through the dashboard: the two need not know each other. A server trusts the machine that
/// builds for it with what is built, but not with its disk: nothing comes that is larger than what was told or than there is room for. What the server
/// has already is left out; what has arrived before a connection was lost, or of an earlier run, is not sent again.
/// </summary>
public sealed class CopyClosure(ShellOf shells)
{
    private const int MostPaths = 100_000, PieceBytes = 1024 * 1024, LongestPiece = (PieceBytes + 2) / 3 * 4, Tries = 5;

    // No path has 32 TiB; so the sum of all stays a number.
    private const long MostBytes = 1L << 45;

    // What a pack says of each path beside what is in it: its name, who made it, and what it needs.
    private const long BesidePath = 128 * 1024;

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
        var sizes = new Dictionary<string, long>(StringComparer.Ordinal);
        var listed = await LinesAsync(builder, Export, ["list", id, system.Text], cancellationToken);
        if (listed.Count is 0 or > MostPaths || !listed.TrueForAll(line => Sized(line, sizes)))
        {
            return "The builder does not tell which paths the system needs.";
        }

        var missing = await LinesAsync(server, Import, ["missing", id, string.Join('\n', listed.Select(line => line.Split(' ')[0]))], cancellationToken);
        var pack = "";
        if (missing.Count > 0)
        {
            var answer = await LinesAsync(builder, Export, ["pack", id, string.Join('\n', missing.Where(path => StorePath.TryParse(path, out _)))], cancellationToken);
            if (answer is not [var told] || told.Split(' ') is not [var bytes, { Length: 64 } name] || !name.All(char.IsAsciiHexDigitLower) || !long.TryParse(bytes, NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            {
                return $"The builder could not pack the system: {JournalLine.Harmless(string.Join(' ', answer))}";
            }

            if (size > missing.Sum(path => sizes.GetValueOrDefault(path) + BesidePath))
            {
                return string.Create(CultureInfo.InvariantCulture, $"The builder packed {size:N0} bytes, which is more than the paths have that are missing here. Nothing was sent.");
            }

            pack = name;
            if (await LinesAsync(server, Import, ["room", id, pack, $"{size}"], cancellationToken) is not ["room"] and var full)
            {
                return $"The system was not sent to its server: {JournalLine.Harmless(string.Join(' ', full))}";
            }

            await SendAsync(builder, server, id, pack, size, arrived, cancellationToken);
        }

        var done = await LinesAsync(server, Import, ["take", id, pack, system.Text], cancellationToken);
        await LinesAsync(builder, Export, ["drop", id, ""], cancellationToken);
        return done is ["taken"] ? null : $"The server could not take the system: {JournalLine.Harmless(string.Join(' ', done))}";
    }

    // PATH SIZE
    private static bool Sized(string line, Dictionary<string, long> sizes) =>
        line.Split(' ') is [var path, var size] && StorePath.TryParse(path, out _) && long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) && bytes < MostBytes && sizes.TryAdd(path, bytes);

    private static async Task SendAsync(IRemoteShell builder, IRemoteShell server, string id, string pack, long size, Action<CopyProgress> arrived, CancellationToken cancellationToken)
    {
        var have = await NumberAsync(server, ["have", id, pack], cancellationToken);
        arrived(new CopyProgress(have, size));
        while (have < size)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var piece = string.Concat(await LinesAsync(builder, Export, ["piece", id, $"{have}", $"{PieceBytes}"], cancellationToken));
            if (piece.Length > LongestPiece)
            {
                throw new ConnectionException(new ConnectionFault(ConnectionFaultKind.Misbehaving, "The builder sends more than it was asked for."));
            }

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
