using OsModa.Core.Comparison.Packages;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Ssh;

namespace OsModa.Core.Comparison;

/// <summary>Asks a server what is different between two of its systems, in one round trip.</summary>
internal static class ComparisonReader
{
    /// <summary>
    /// Reads, and tells after each part what is known by then; the last one is whole.
    /// </summary>
    /// <param name="shell">Of the server.</param>
    /// <param name="from">The first system.</param>
    /// <param name="to">The second.</param>
    /// <param name="known">What the two need, if that is known: then it is not asked for, and told at once.</param>
    /// <param name="unit">Its texts are read also where they are alike.</param>
    /// <param name="told">Gets each part.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    /// <returns>Null when one of the systems is not on the server any more.</returns>
    /// <exception cref="ConnectionException">The connection failed, or the server's answer makes no sense.</exception>
    public static async Task<SystemDifference?> ReadAsync(IRemoteShell shell, StorePath from, StorePath to, BothClosures? known, UnitName? unit, Action<SystemDifference> told, CancellationToken cancellationToken)
    {
        var lines = new CompareLines();
        var both = known;
        if (both is not null)
        {
            told(both.Begun);
        }

        string[] arguments = [.. known is null ? Enumerable.Empty<string>() : ["-k"], from.Text, to.Text, .. Files(unit)];
        var run = await shell.StartAsync(RemoteScript.Embedded("compare.sh"), arguments, cancellationToken);
        await using (run)
        {
            try
            {
                await foreach (var line in run.ReadLinesAsync(cancellationToken))
                {
                    switch (lines.Take(line.Span))
                    {
                        case ComparisonPart.Packages:
                            var (old, @new) = lines.Closures(from, to);
                            both = BothClosures.Of(old, @new);
                            told(both.Begun);
                            break;
                        case ComparisonPart.Files when both is not null:
                            told(new SystemDifference { From = from, To = to, Read = ComparisonPart.Files, Packages = both.Packages, FromFiles = lines.From.Files(), ToFiles = lines.To.Files() });
                            break;
                        case ComparisonPart.Texts when both is not null:
                            return SystemDifference.Of(from, to, both.Packages, lines.From.Files(), lines.To.Files(), ClosureGraph.Of(both.From), ClosureGraph.Of(both.To));
                    }
                }
            }
            catch (FormatException odd)
            {
                throw new ConnectionException(new ConnectionFault(ConnectionFaultKind.Misbehaving, odd.Message), odd);
            }

            return lines.Gone is not null
                ? null
                : throw new ConnectionException(new ConnectionFault(ConnectionFaultKind.Misbehaving, $"The server ended its answer in the middle of the comparison (exit status {await run.ExitStatus})."));
        }
    }

    // An instance has the file of its template, and may have drop-ins of its own.
    private static IEnumerable<string> Files(UnitName? unit) => unit is not { } name ? [] : name.Template is { } template ? [name.Text, template.Text] : [name.Text];
}
