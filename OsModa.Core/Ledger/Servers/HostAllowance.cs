using OsModa.Core.Observation;

namespace OsModa.Core.Ledger.Servers;

/// <summary>What one server may write into the ledger: much at once after a pause, little for long, so that a hostile one cannot fill it.</summary>
/// <param name="time">The clock.</param>
/// <param name="atOnce">Entries; a server that was out of sight for a day and is logged into every minute has 1,440 to tell.</param>
/// <param name="perSecond">Entries that come to that each second. A record is about 500 bytes: 40 MB a day at most.</param>
internal sealed class HostAllowance(TimeProvider time, double atOnce = 5_000, double perSecond = 1)
{
    /// <summary>A unit that fails again within this time is told once: a crash loop is one event, not ten thousand.</summary>
    private static readonly TimeSpan SameUnit = TimeSpan.FromMinutes(10);

    private const int UnitsMost = 4_096;

    private readonly Dictionary<string, DateTimeOffset> _failures = [];
    private readonly double _most = atOnce;
    private double _left = atOnce;
    private long _at = time.GetTimestamp();

    /// <summary>False: it is left out.</summary>
    public bool Take()
    {
        var now = time.GetTimestamp();
        _left = Math.Min(_most, _left + (time.GetElapsedTime(_at, now).TotalSeconds * perSecond));
        _at = now;
        if (_left < 1)
        {
            return false;
        }

        _left--;
        return true;
    }

    /// <summary>Whether a failure is one of a row that was told already.</summary>
    public bool IsRepeated(HostEvent happened, LoggedEntry entry)
    {
        if (happened.Verb != HostVerbs.UnitFailed)
        {
            return false;
        }

        var at = entry.Words.At ?? time.GetUtcNow();
        if (_failures.TryGetValue(happened.Who, out var last) && (at - last).Duration() < SameUnit)
        {
            return true;
        }

        if (_failures.Count >= UnitsMost)
        {
            _failures.Clear();
        }

        _failures[happened.Who] = at;
        return false;
    }
}
