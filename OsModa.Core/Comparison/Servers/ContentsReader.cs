using OsModa.Core.Nix;
using OsModa.Core.Ssh;

namespace OsModa.Core.Comparison;

/// <summary>Asks a server for everything that one of its systems is made of, in one round trip.</summary>
internal static class ContentsReader
{
    /// <returns>Null when the system is not on the server any more.</returns>
    /// <exception cref="ConnectionException">The connection failed, or the server's answer makes no sense.</exception>
    public static async Task<SystemContents?> ReadAsync(IRemoteShell shell, StorePath system, CancellationToken cancellationToken)
    {
        var lines = new CompareLines();
        var run = await shell.StartAsync(RemoteScript.Embedded("compare.sh"), ["-", system.Text], cancellationToken);
        await using (run)
        {
            try
            {
                await foreach (var line in run.ReadLinesAsync(cancellationToken))
                {
                    if (lines.Take(line.Span) == ComparisonPart.Texts)
                    {
                        return new SystemContents(lines.Closure(system), lines.To.Files());
                    }
                }
            }
            catch (FormatException odd)
            {
                throw new ConnectionException(new ConnectionFault(ConnectionFaultKind.Misbehaving, odd.Message), odd);
            }

            return lines.Gone is not null
                ? null
                : throw new ConnectionException(new ConnectionFault(ConnectionFaultKind.Misbehaving, $"The server ended its answer in the middle of what its system is made of (exit status {await run.ExitStatus})."));
        }
    }
}
