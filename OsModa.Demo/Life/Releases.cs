using OsModa.Demo.Systems;

namespace OsModa.Demo.Life;

/// <summary>The releases that the simulated world's distribution has made: one a week, the newest of this week, and those still to come.</summary>
internal sealed class Releases
{
    private const int WeeksBack = 14;

    private readonly List<(DateTimeOffset Cut, Release Release)> _made = [];
    private readonly Random _random;
    private readonly string _series;

    /// <param name="now">The newest release is of the Tuesday before.</param>
    public Releases(DateTimeOffset now, int seed)
    {
        _random = new Random(seed);
        _series = SeriesOf(now);
        var tuesday = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddDays(-(((int)now.DayOfWeek + 5) % 7)).AddHours(4.5);
        if (tuesday > now)
        {
            tuesday = tuesday.AddDays(-7);
        }

        var release = Release.First(_series, tuesday.AddDays(-7 * WeeksBack), "6.18.44");
        for (var week = WeeksBack; week >= 0; week--)
        {
            var cut = tuesday.AddDays(-7 * week);
            // A new kernel and all that comes with it in the newest release and every third before it.
            release = release.NextWeek(_series, cut, _random, 9 + _random.Next(14), large: week % 3 == 0);
            _made.Add((cut, release));
        }
    }

    /// <param name="weeksAgo">0 for the newest.</param>
    public (DateTimeOffset Cut, Release Release) Of(int weeksAgo) => _made[Math.Max(0, _made.Count - 1 - weeksAgo)];

    /// <summary>A release newer than all before, as if a week had gone by.</summary>
    public Release Next(DateTimeOffset now, bool large)
    {
        var release = _made[^1].Release.NextWeek(_series, now, _random, 6 + _random.Next(9), large);
        _made.Add((now, release));
        return release;
    }

    // NixOS releases in May and November; the months' own releases are out from June and December on.
    private static string SeriesOf(DateTimeOffset now) => now.Month switch
    {
        < 6 => $"{(now.Year - 1) % 100}.11",
        < 12 => $"{now.Year % 100}.05",
        _ => $"{now.Year % 100}.11",
    };
}
