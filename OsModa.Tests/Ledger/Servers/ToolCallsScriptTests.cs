using System.Net.Sockets;
using System.Text;
using OsModa.Core.Ledger.Servers;
using OsModa.Tests.Ledger.Mirror;
using Xunit;

namespace OsModa.Tests.Ledger.Servers;

/// <summary>The script that servers are given, with a socket of this machine in the place of teachd's.</summary>
public sealed class ToolCallsScriptTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("teachd-").FullName;

    [Fact]
    public async Task Without_a_socket_and_behind_one_that_nobody_listens_at_there_is_nothing_to_ask()
    {
        Assert.Null(await AskAsync());

        Listen().Dispose();

        Assert.Null(await AskAsync());
    }

    [Fact]
    public async Task It_asks_for_the_newest_calls_since_then_and_for_nothing_else()
    {
        using var listener = Listen();
        var serving = ServeAsync(listener, $"[{TeachdShell.Call("act-1", Noon, "shell_exec")}]");

        var answer = await AskAsync();

        Assert.Equal("act-1", Assert.Single(answer!.Calls).Id);
        Assert.True(answer.IsWhole);
        Assert.StartsWith("GET /actions?since=2026-01-15T12:00:00&limit=500 HTTP/1.1\r\n", await serving, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_what_does_not_end_the_beginning_is_taken()
    {
        using var listener = Listen();
        var serving = ServeAsync(listener, $"[{TeachdShell.Call("act-1", Noon, "shell_exec")},{{\"params\":\"{new string('x', 100 << 20)}\"}}]");

        var answer = await AskAsync();

        Assert.Equal("act-1", Assert.Single(answer!.Calls).Id);
        Assert.False(answer.IsWhole);
        await serving;
    }

    [Fact]
    public async Task An_answer_that_is_a_refusal_is_none()
    {
        using var listener = Listen();
        var serving = ServeAsync(listener, "[]", "503 Service Unavailable");

        Assert.Null(await AskAsync());
        await serving;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Socket Listen()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(_folder, "teachd.sock")));
        socket.Listen();
        return socket;
    }

    private Task<ToolAnswer?> AskAsync() => ToolAnswer.AskAsync(new LocalShell(_folder, "/run/osmoda"), Noon, TestContext.Current.CancellationToken);

    private static async Task<string> ServeAsync(Socket listener, string body, string status = "200 OK")
    {
        using var client = await listener.AcceptAsync(TestContext.Current.CancellationToken);
        await using var stream = new NetworkStream(client);
        var (request, buffer) = (new StringBuilder(), new byte[4_096]);
        for (var read = 1; read > 0 && !request.ToString().Contains("\r\n\r\n", StringComparison.Ordinal);)
        {
            read = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken);
            request.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        try
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"), TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // It has heard enough.
        }

        return request.ToString();
    }
}
