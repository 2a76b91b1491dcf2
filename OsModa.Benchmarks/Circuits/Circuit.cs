using System.Net.WebSockets;
using System.Text;

namespace OsModa.Benchmarks.Circuits;

/// <summary>
/// An open page without a browser: speaks Blazor's own protocol (SignalR with the hub protocol "blazorpack") and acknowledges
/// every render batch, so that the server does all the work that it does for a browser.
/// </summary>
internal sealed class Circuit : IAsyncDisposable
{
    private static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(10); // the server hangs up after 30 s of silence

    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _drawn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _work = Task.CompletedTask;
    private long _batches;
    private long _bytes;

    private Circuit()
    {
    }

    /// <summary>Render batches so far.</summary>
    public long Batches => Interlocked.Read(ref _batches);

    /// <summary>Bytes of these batches, before any compression.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Ends when the circuit is closed or lost; faulted when the server reported an error.</summary>
    public Task Ended => _work;

    /// <param name="client">Signed in: its handler's cookies go with the socket.</param>
    /// <param name="cookies">The same cookies.</param>
    /// <param name="page">Address of the page.</param>
    public static async Task<Circuit> OpenAsync(HttpClient client, System.Net.CookieContainer cookies, Uri page)
    {
        var prerendered = PrerenderedPage.Parse(await client.GetStringAsync(page));
        var circuit = new Circuit();
        circuit._socket.Options.Cookies = cookies;
        circuit._socket.Options.SetRequestHeader("Origin", page.GetLeftPart(UriPartial.Authority));
        await circuit._socket.ConnectAsync(new UriBuilder(page) { Scheme = "ws", Path = "/_blazor", Query = "" }.Uri, CancellationToken.None);
        await circuit._socket.SendAsync("{\"protocol\":\"blazorpack\",\"version\":1}\u001e"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        circuit._work = Task.WhenAll(circuit.ReadAsync(), circuit.PingAsync());
        var root = page.GetLeftPart(UriPartial.Authority) + "/";
        await circuit.SendAsync(Call("StartCircuit", "1", 4).Text(root).Text(page.ToString()).Text("[]").Text(""));
        await Task.WhenAny(circuit._started.Task, circuit._work).Unwrap();
        await circuit.SendAsync(Call("UpdateRootComponents", null, 2).Text(prerendered.Operations).Text(prerendered.State));
        await Task.WhenAny(circuit._drawn.Task, circuit._work).Unwrap();
        return circuit;
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _socket.Abort();
        await _work.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _socket.Dispose();
        _sending.Dispose();
        _closing.Dispose();
    }

    // [1, headers, invocation id, target, [arguments], [streams]]; the caller writes the arguments, Send ends the message.
    private static PackWriter Call(string target, string? id, int arguments)
    {
        var message = new PackWriter().Array(6).Int(1).EmptyMap();
        return (id is null ? message.Nil() : message.Text(id)).Text(target).Array(arguments);
    }

    private Task SendAsync(PackWriter call) => SendFramedAsync(call.Array(0).Framed());

    private async Task SendFramedAsync(ReadOnlyMemory<byte> message)
    {
        await _sending.WaitAsync(_closing.Token);
        try
        {
            await _socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, _closing.Token);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task PingAsync()
    {
        using var timer = new PeriodicTimer(PingEvery);
        while (await timer.WaitForNextTickAsync(_closing.Token))
        {
            await SendFramedAsync(new PackWriter().Array(1).Int(6).Framed());
        }
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[64 * 1024];
        var held = 0;
        var shaken = false;
        while (true)
        {
            if (held == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            var got = await _socket.ReceiveAsync(buffer.AsMemory(held), _closing.Token);
            if (got.MessageType == WebSocketMessageType.Close)
            {
                throw new IOException("The server closed the circuit.");
            }

            held += got.Count;
            var used = 0;
            if (!shaken && buffer.AsSpan(0, held).IndexOf((byte)0x1E) is var end and >= 0)
            {
                var answer = Encoding.UTF8.GetString(buffer.AsSpan(0, end));
                shaken = answer == "{}" ? true : throw new IOException($"The server refused the handshake: {answer}");
                used = end + 1;
            }

            while (shaken && TryFrame(buffer.AsSpan(used, held - used), out var start, out var length))
            {
                await HandleAsync(buffer.AsMemory(used + start, length));
                used += start + length;
            }

            buffer.AsSpan(used, held - used).CopyTo(buffer);
            held -= used;
        }
    }

    private static bool TryFrame(ReadOnlySpan<byte> bytes, out int start, out int length)
    {
        length = 0;
        for (start = 0; start < Math.Min(5, bytes.Length); start++)
        {
            length |= (bytes[start] & 0x7F) << (7 * start);
            if ((bytes[start] & 0x80) == 0)
            {
                start++;
                return bytes.Length - start >= length;
            }
        }

        return false;
    }

    private Task HandleAsync(ReadOnlyMemory<byte> message)
    {
        var reader = new PackReader(message.Span);
        reader.Array();
        switch (reader.Int())
        {
            case 1:
                reader.Skip();
                reader.Skip();
                return InvokedAsync(reader.Text()!, ref reader);
            case 3: // of StartCircuit, the only call that asks for an answer
                _started.TrySetResult();
                return Task.CompletedTask;
            case 7:
                throw new IOException($"The server closed the circuit: {reader.Text()}");
            default:
                return Task.CompletedTask;
        }
    }

    private Task InvokedAsync(string target, ref PackReader reader)
    {
        reader.Array();
        switch (target)
        {
            case "JS.RenderBatch":
                var batch = reader.Int();
                Interlocked.Add(ref _bytes, reader.Skip());
                Interlocked.Increment(ref _batches);
                _drawn.TrySetResult();
                return SendAsync(Call("OnRenderCompleted", null, 2).Int(batch).Nil());
            case "JS.BeginInvokeJS":
                var task = reader.Int(); // 0 when nobody waits; otherwise the page's scripts answer "nothing"
                return task == 0 ? Task.CompletedTask : SendAsync(Call("EndInvokeJSFromDotNet", null, 3).Int(task).Bool(true).Text($"[{task},true,null]"));
            case "JS.Error":
                throw new IOException($"The circuit failed: {reader.Text()}");
            default:
                return Task.CompletedTask;
        }
    }
}
