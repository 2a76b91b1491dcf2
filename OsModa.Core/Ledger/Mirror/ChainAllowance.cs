namespace OsModa.Core.Ledger.Mirror;

/// <summary>
/// How much of one server's chain is copied: much at once, as the first reading of a long chain needs it, little for long, so that a hostile server cannot fill the disk. What is not copied yet stays on the
/// server and is copied when time has passed.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="atOnce">Bytes; three million events of usual length.</param>
/// <param name="perSecond">Bytes that come to that each second; some 350 MB a day.</param>
/// <param name="free">Bytes that are left on the disk of the ledger.</param>
internal sealed class ChainAllowance(TimeProvider time, Func<long> free, double atOnce = 1L << 30, double perSecond = 4_096)
{
    /// <summary>When less than this is left on the disk no chains are copied: what people do here must still be written.</summary>
    public const long LeastFree = 256L << 20;

    /// <summary>An entry's header, its row in the index, and what hashes and pages add.</summary>
    private const long RowBytes = 400;

    private const double Worthwhile = 256 << 10;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly double _most = atOnce;
    private double _left = atOnce;
    private long _at = time.GetTimestamp();

    public bool IsDiskFull { get; private set; }

    /// <summary>How many of these fit, from the first on.</summary>
    /// <param name="bodies">Bytes of each.</param>
    public int Take(IEnumerable<int> bodies)
    {
        Refill();
        IsDiskFull = free() < LeastFree;
        var count = 0;
        foreach (var bytes in IsDiskFull ? [] : bodies)
        {
            if (bytes + RowBytes > _left)
            {
                break;
            }

            _left -= bytes + RowBytes;
            count++;
        }

        return count;
    }

    /// <summary>When it is worth to look again.</summary>
    public TimeSpan Pause => TimeSpan.FromSeconds(Math.Clamp(Worthwhile / perSecond, 1, Longest.TotalSeconds));

    private void Refill()
    {
        var now = time.GetTimestamp();
        _left = Math.Min(_most, _left + (time.GetElapsedTime(_at, now).TotalSeconds * perSecond));
        _at = now;
    }
}
