using System.Text;
using OsModa.Core.Operations;
using OsModa.Core.SafeSwitch;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;

namespace OsModa.Core.Configuration;

/// <summary>The scripts of a run of checks.</summary>
internal static class CheckScripts
{
    private const int MostLines = 100;

    public static RemoteScript Start { get; } = RemoteScript.Together("old-checks.sh", "start-check.sh") with { NeedsRoot = true };

    public static RemoteScript Follow { get; } = RemoteScript.Embedded("follow-check.sh") with { NeedsRoot = true };

    public static RemoteScript Stop { get; } = RemoteScript.Embedded("stop-check.sh") with { NeedsRoot = true };

    /// <summary>Hands a run over to the machine that builds.</summary>
    /// <returns>Why it does not run; null when it does, or may: then following it tells.</returns>
    public static async Task<string?> StartAsync(ShellOf shells, ServerId machine, Guid run, string order, string files, CancellationToken cancellationToken)
    {
        IRemoteShell shell;
        try
        {
            shell = await shells(machine, cancellationToken);
        }
        catch (ConnectionException without)
        {
            return without.Fault.Detail;      // nothing was sent
        }
        catch (OperationCanceledException)
        {
            return "The server that builds did not let us in in time.";
        }

        try
        {
            await using var started = await shell.StartAsync(Start, [run.ToString("D"), order, files, RemoteScript.Embedded("check.sh").Text, RemoteScript.Embedded("system.nix").Text], cancellationToken);
            var read = 0;
            await foreach (var line in started.ReadLinesAsync(cancellationToken))
            {
                switch (Encoding.UTF8.GetString(line.Span).Split('\t'))
                {
                    case ["started" or "joined", ..]:
                        return null;
                    case ["refused", var why, ..]:
                        return JournalLine.Harmless(why);
                }

                if (++read == MostLines)
                {
                    break;
                }
            }
        }
        catch (Exception lost) when (lost is ConnectionException or OperationCanceledException)
        {
            // Whether it has begun cannot be known from here; who follows it is told.
        }

        return null;
    }
}
