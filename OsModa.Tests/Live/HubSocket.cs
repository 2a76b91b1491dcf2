using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace OsModa.Tests.Live;

/// <summary>
/// The way of a hub connection over one WebSocket, without the request for negotiation: the package that usually brings it is
/// not on the feed. JSON protocol only, since it sends text.
/// </summary>
internal sealed class HubSockets(Action<ClientWebSocketOptions> configure) : IConnectionFactory
{
    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = new ClientWebSocket();
        configure(socket.Options);
        try
        {
            await socket.ConnectAsync(((UriEndPoint)endpoint).Uri, cancellationToken);
            return new HubSocket(socket, endpoint);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>Two pipes with a WebSocket between them.</summary>
internal sealed class HubSocket : ConnectionContext
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly ClientWebSocket _socket;
    private readonly Pipe _in = new(), _out = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _both;

    public HubSocket(ClientWebSocket socket, EndPoint endpoint)
    {
        _socket = socket;
        RemoteEndPoint = endpoint;
        Transport = new Ends(_in.Reader, _out.Writer);
        _both = Task.WhenAll(HearAsync(), SayAsync());
    }

    public override string ConnectionId { get; set; } = Guid.NewGuid().ToString("N");

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    public override IDuplexPipe Transport { get; set; }

    public override void Abort(ConnectionAbortedException abortReason) => _stop.Cancel();

    public override async ValueTask DisposeAsync()
    {
        await Transport.Output.CompleteAsync();
        await Transport.Input.CompleteAsync();
        _stop.CancelAfter(Farewell);
        await _both;
        _socket.Dispose();
        _stop.Dispose();
        await base.DisposeAsync();
    }

    private async Task HearAsync()
    {
        Exception? broken = null;
        try
        {
            ValueWebSocketReceiveResult heard;
            do
            {
                heard = await _socket.ReceiveAsync(_in.Writer.GetMemory(4096), _stop.Token);
                _in.Writer.Advance(heard.Count);
            }
            while (heard.MessageType != WebSocketMessageType.Close && !(await _in.Writer.FlushAsync(_stop.Token)).IsCompleted);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            broken = e as WebSocketException;
        }

        await _in.Writer.CompleteAsync(broken);
    }

    private async Task SayAsync()
    {
        try
        {
            while (await _out.Reader.ReadAsync(_stop.Token) is var said && !(said.IsCompleted && said.Buffer.IsEmpty))
            {
                await _socket.SendAsync(said.Buffer.ToArray(), WebSocketMessageType.Text, endOfMessage: true, _stop.Token);
                _out.Reader.AdvanceTo(said.Buffer.End);
            }

            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, _stop.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The other direction sees the same and tells it.
        }

        await _out.Reader.CompleteAsync();
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
