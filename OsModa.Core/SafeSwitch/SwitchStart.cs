using System.Text;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;

namespace OsModa.Core.SafeSwitch;

/// <summary>How the server answered to an order.</summary>
internal abstract record StartAnswer
{
    public sealed record Started : StartAnswer;

    /// <summary>This very operation runs already, or has run.</summary>
    public sealed record Joined : StartAnswer;

    /// <param name="Operation">Which operation of ours (or of another dashboard) runs; null when a person switches by hand.</param>
    /// <param name="Who">What systemd calls it; text of the server.</param>
    public sealed record Busy(Guid? Operation, string Who) : StartAnswer;

    /// <param name="Why">One sentence.</param>
    public sealed record Refused(string Why) : StartAnswer;

    /// <summary>The connection ended before an answer: it may run or not.</summary>
    public sealed record Silent : StartAnswer;
}

/// <summary>Gives a server the order to switch.</summary>
internal static class SwitchStart
{
    private const int MaxLines = 100;

    public static async Task<StartAnswer> RunAsync(ShellOf shells, ServerId server, SwitchOrder order, CancellationToken cancellationToken)
    {
        string[] arguments = [order.Operation.ToString("D"), order.Text, SwitchScripts.Program];
        IRemoteShell shell;
        try
        {
            shell = await shells(server, cancellationToken);
        }
        catch (ConnectionException without)
        {
            return new StartAnswer.Refused(without.Fault.Detail);      // nothing was sent
        }

        try
        {
            await using var run = await shell.StartAsync(SwitchScripts.Start, arguments, cancellationToken);
            var read = 0;
            await foreach (var line in run.ReadLinesAsync(cancellationToken))
            {
                if (Parse(Encoding.UTF8.GetString(line.Span)) is { } answer)
                {
                    return answer;
                }

                if (++read == MaxLines)
                {
                    break;
                }
            }
        }
        catch (ConnectionException refused) when (refused.Fault.NothingSent)
        {
            return new StartAnswer.Refused(refused.Fault.Detail);
        }
        catch (Exception lost) when (lost is ConnectionException or OperationCanceledException)
        {
            // Whether the order arrived cannot be known from here; the server is asked when it is back.
        }

        return new StartAnswer.Silent();
    }

    /// <summary>Null for a line that is no answer.</summary>
    internal static StartAnswer? Parse(string line)
    {
        var fields = line.Split('\t');
        return fields[0] switch
        {
            "started" => new StartAnswer.Started(),
            "joined" => new StartAnswer.Joined(),
            "busy" when fields.Length >= 3 => new StartAnswer.Busy(Guid.TryParseExact(fields[1], "D", out var id) ? id : null, JournalLine.Harmless(fields[2])),
            "refused" when fields.Length >= 2 => new StartAnswer.Refused(JournalLine.Harmless(fields[1])),
            _ => null,
        };
    }
}
