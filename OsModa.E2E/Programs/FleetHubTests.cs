using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using OsModa.E2E.Running;
using Xunit;

namespace OsModa.E2E.Programs;

/// <summary>The hub as a program meets it that was written by docs/fleethub.md alone: cookie, origin, and the JSON of SignalR's own protocol.</summary>
public sealed class FleetHubTests(Browser browser, Demo demo)
{
    private const char EndOfMessage = '\u001e';

    // Every name that the documentation gives.
    private static readonly string[] Names =
    [
        "id", "name", "tags", "state", "fault", "heardAt", "generation", "system", "nextBoot", "rebootNeeded", "agentsRunning", "agents", "load", "cores", "memoryBytes", "memoryAvailableBytes",
        "diskBytes", "diskFreeBytes", "lastChange",
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_is_signed_in_gets_all_servers_and_then_each_change_under_the_documented_names()
    {
        await using var window = await demo.OpenAsync(browser, Demo.Viewer);
        await window.GoAsync("/");
        using var socket = await ConnectAsync(await CookiesAsync(window), await OriginAsync());

        await SendAsync(socket, """{"protocol":"json","version":1}""");
        await SendAsync(socket, """{"type":4,"invocationId":"1","target":"Watch","arguments":[]}""");
        var items = await ItemsAsync(socket, 3);

        Assert.True(items[0].GetProperty("isWhole").GetBoolean());
        Assert.All(items.Skip(1), static item => Assert.False(item.GetProperty("isWhole").GetBoolean()));
        var servers = items[0].GetProperty("servers").EnumerateArray().ToList();
        Assert.All(servers, static server => Assert.Equal(Names.Order(StringComparer.Ordinal), server.EnumerateObject().Select(field => field.Name).Where(Names.Contains).Order(StringComparer.Ordinal)));
        Assert.Contains(servers, static server => server.GetProperty("name").GetString() == "web1");
        Assert.All(items, static item => Assert.Equal(JsonValueKind.Array, item.GetProperty("gone").ValueKind));
    }

    [Theory]
    [InlineData(false, true, "401")]
    [InlineData(true, false, "403")]
    public async Task Without_a_session_or_from_another_origin_nobody_gets_in(bool withCookie, bool fromHere, string status)
    {
        await using var window = await demo.OpenAsync(browser, Demo.Viewer);
        await window.GoAsync("/");
        var cookies = withCookie ? await CookiesAsync(window) : "";

        var refused = await Assert.ThrowsAsync<WebSocketException>(async () => await ConnectAsync(cookies, fromHere ? await OriginAsync() : "http://elsewhere.example"));

        Assert.Contains($"'{status}'", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<string> CookiesAsync(Window window) => string.Join("; ", (await window.Context.CookiesAsync()).Select(cookie => $"{cookie.Name}={cookie.Value}"));

    private async Task<string> OriginAsync() => (await demo.ProductAsync()).Address.GetLeftPart(UriPartial.Authority);

    private async Task<ClientWebSocket> ConnectAsync(string cookies, string origin)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", cookies);
        socket.Options.SetRequestHeader("Origin", origin);
        var address = new UriBuilder((await demo.ProductAsync()).Address) { Scheme = "ws", Path = "/hubs/fleet" };
        try
        {
            await socket.ConnectAsync(address.Uri, Stop);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static Task SendAsync(ClientWebSocket socket, string message) => socket.SendAsync(Encoding.UTF8.GetBytes(message + EndOfMessage), WebSocketMessageType.Text, endOfMessage: true, Stop);

    private static async Task<List<JsonElement>> ItemsAsync(ClientWebSocket socket, int count)
    {
        var items = new List<JsonElement>();
        var (read, piece) = (new List<byte>(), new byte[64 * 1024]);
        while (items.Count < count)
        {
            var got = await socket.ReceiveAsync(piece, Stop);
            Assert.Equal(WebSocketMessageType.Text, got.MessageType);
            read.AddRange(piece.AsSpan(0, got.Count));
            if (!got.EndOfMessage)
            {
                continue;
            }

            var messages = Encoding.UTF8.GetString([.. read]).Split(EndOfMessage);
            read.Clear();
            foreach (var message in messages[..^1])
            {
                using var json = JsonDocument.Parse(message);
                if (json.RootElement.TryGetProperty("item", out var item))
                {
                    items.Add(item.Clone());
                }
            }
        }

        return items;
    }
}
