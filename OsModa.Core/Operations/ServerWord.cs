using System.Text;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;

namespace OsModa.Core.Operations;

/// <summary>The short scripts that speak with an operation under way, and the one word that they answer.</summary>
internal static class ServerWord
{
    /// <summary>The first line of the answer, without its line feed; null when none came in time.</summary>
    /// <param name="shells">The servers.</param>
    /// <param name="server">Which one.</param>
    /// <param name="script">confirm.sh, stop.sh or drill.sh.</param>
    /// <param name="operation">Its argument.</param>
    /// <param name="anew">Over a connection made for that alone.</param>
    /// <param name="within">In all.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">Gives up, with an exception.</param>
    public static async Task<string?> AskAsync(ShellOf shells, ServerId server, RemoteScript script, Guid operation, bool anew, TimeSpan within, TimeProvider time, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(within, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            var shell = await shells(server, either.Token);
            string[] arguments = [operation.ToString("D")];
            await using var run = await (anew ? shell.StartOnNewConnectionAsync(script, arguments, either.Token) : shell.StartAsync(script, arguments, either.Token));
            await foreach (var line in run.ReadLinesAsync(either.Token))
            {
                return Encoding.UTF8.GetString(line.Span);
            }
        }
        catch (Exception lost) when (lost is ConnectionException || (lost is OperationCanceledException && !stop.IsCancellationRequested))
        {
            // No answer: the caller says what that means.
        }

        return null;
    }
}
