using System.Globalization;
using System.Text.Json;

namespace OsModa.Demo.Machines;

/// <summary>Calls of tools by agents, as teachd remembers them: the newest ones.</summary>
internal sealed class ToolCalls
{
    private const int Most = 500;

    private readonly Queue<(string Id, DateTimeOffset At, string Tool)> _calls = [];
    private int _count;

    /// <param name="at">Not before that of the call before it.</param>
    /// <param name="tool">Its name.</param>
    public void Add(DateTimeOffset at, string tool)
    {
        _calls.Enqueue((string.Create(CultureInfo.InvariantCulture, $"act-{++_count:D6}"), at, tool));
        if (_calls.Count > Most)
        {
            _calls.Dequeue();
        }
    }

    /// <summary>What teachd answers to <c>GET /actions</c>: a list in JSON, the newest first.</summary>
    /// <param name="since">Compared as text with the times of calls.</param>
    /// <param name="limit">How many at most.</param>
    public byte[] Tell(string since, int limit) => JsonSerializer.SerializeToUtf8Bytes(_calls.Reverse()
        .Select(static call => new { id = call.Id, ts = call.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'000Z'", CultureInfo.InvariantCulture), session_id = call.At.UtcDateTime.ToString("'s-'MMdd", CultureInfo.InvariantCulture), tool = call.Tool, result_summary = "ok", success = true })
        .Where(call => string.CompareOrdinal(call.ts, since) >= 0)
        .Take(limit));
}
