using OsModa.Core.Observation;

namespace OsModa.Core.Ledger.Servers;

/// <summary>What one server may write into the ledger: much at once after a pause, little for long, so that a hostile one cannot fill it.</summary>
internal sealed class HostAllowance(TimeProvider time)
{
    // A server that was out of sight for a day and is logged into every minute has 1,440 entries to tell. A record is about 500 bytes: 40 MB a day at most.
    private const double AtOnce = 5_000, PerSecond = 1;

    /// <summary>A unit that fails again within this time is told once: a crash loop is one event, not ten thousand.</summary>
    private static readonly TimeSpan SameUnit = TimeSpan.FromMinutes(10);

    private const int UnitsMost = 4_096;

    private readonly Dictionary<string, DateTimeOffset> _failures = [];
    private double _left = AtOnce;
    private long _at = time.GetTimestamp();

    /// <summary>False: it is left out.</summary>
    public bool Take()
    {
        var now = time.GetTimestamp();
        _left = Math.Min(AtOnce, _left + (time.GetElapsedTime(_at, now).TotalSeconds * PerSecond));
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
