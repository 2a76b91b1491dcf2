using OsModa.Core.Comparison.Packages;
using OsModa.Core.Nix;
using OsModa.Core.Ssh;

namespace OsModa.Core.Comparison;

/// <summary>Asks a server what is different between two of its systems, in one round trip.</summary>
internal static class ComparisonReader
{
    /// <summary>
    /// Reads, and tells after each part what is known by then; the last one is whole.
    /// </summary>
    /// <returns>Null when one of the systems is not on the server any more.</returns>
    /// <exception cref="ConnectionException">The connection failed, or the server's answer makes no sense.</exception>
    public static async Task<SystemDifference?> ReadAsync(IRemoteShell shell, StorePath from, StorePath to, Action<SystemDifference> told, CancellationToken cancellationToken)
    {
        var lines = new CompareLines();
        PackageComparison? packages = null;
        var run = await shell.StartAsync(RemoteScript.Embedded("compare.sh"), [from.Text, to.Text], cancellationToken);
        await using (run)
        {
            try
            {
                await foreach (var line in run.ReadLinesAsync(cancellationToken))
                {
                    switch (lines.Take(line.Span))
                    {
                        case ComparisonPart.Packages:
                            packages = PackageComparison.Between(lines.From.Closure(from), lines.To.Closure(to));
                            told(new SystemDifference { From = from, To = to, Read = ComparisonPart.Packages, Packages = packages });
                            break;
                        case ComparisonPart.Files when packages is not null:
                            told(new SystemDifference { From = from, To = to, Read = ComparisonPart.Files, Packages = packages, FromFiles = lines.From.Files(), ToFiles = lines.To.Files() });
                            break;
                        case ComparisonPart.Texts when packages is not null:
                            return SystemDifference.Of(from, to, packages, lines.From.Files(), lines.To.Files());
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
}
