using System.Globalization;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Servers;

namespace OsModa.Core.Ledger.Servers;

/// <summary>How far the calls that teachd tells of a server are known. The ledger itself remembers it over a restart, by its newest entries.</summary>
internal sealed class ToolMark
{
    /// <summary>So far before the first look it begins: calls from long before would stand far from the events of their time.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromHours(1);

    // Only one that makes up calls of times to come has so many at a time. It gets some told twice, as far as its allowance goes.
    private const int KnownMost = 20_000;

    private readonly Dictionary<string, DateTimeOffset> _known = new(StringComparer.Ordinal);

    /// <param name="since">From when on calls are wanted.</param>
    public ToolMark(DateTimeOffset since) => Since = Second(since);

    /// <summary>From when on calls are wanted: a whole second, in which some are known.</summary>
    public DateTimeOffset Since { get; private set; }

    public static ToolMark Load(LedgerStore store, Server server, DateTimeOffset now)
    {
        var mark = new ToolMark(now - Before);
        using var reader = store.Open(server.OrganisationId);
        foreach (var seq in reader?.Connection.List(
            static row => row.GetInt64(0), "SELECT seq FROM entry WHERE log = ?1 AND seq >= ?2 AND source = ?3 AND type = ?4 ORDER BY seq DESC LIMIT ?5",
            reader.Log.Id, Math.Max(reader.First, reader.Size - LedgerQueries.MostLooked), server.Id.Value.Bytes(), HostVerbs.Tool, ToolAnswer.Most) ?? [])
        {
            if (LineQuery.One(reader!, seq) is not { } line)
            {
                continue;
            }

            // Of one whose text was taken out it is known only when it came; it must not come again.
            var details = EntryReading.Action(reader!, line)?.Details;
            var at = DateTimeOffset.TryParse(details?.GetValueOrDefault("at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var told) ? told : line.ReceivedAt;
            mark.Know(details?.GetValueOrDefault("id") ?? "", at, now);
        }

        mark.Forget();
        return mark;
    }

    /// <summary>It was told before, or is from before what was asked for.</summary>
    public bool Knows(ToolCall call) => call.At < Since || _known.ContainsKey(call.Id);

    /// <summary>All of these are told now, and more are wanted from the newest of them on, unless that is in a time to come.</summary>
    public void Take(IEnumerable<ToolCall> calls, DateTimeOffset now)
    {
        foreach (var call in calls)
        {
            Know(call.Id, call.At, now);
        }

        Forget();
    }

    private void Know(string id, DateTimeOffset at, DateTimeOffset now)
    {
        _known[id] = at;
        var reached = Second(at < now ? at : now);
        Since = reached > Since ? reached : Since;
    }

    private void Forget()
    {
        foreach (var (id, _) in _known.Where(known => known.Value < Since || _known.Count > KnownMost).ToList())
        {
            _known.Remove(id);
        }
    }

    private static DateTimeOffset Second(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
}
