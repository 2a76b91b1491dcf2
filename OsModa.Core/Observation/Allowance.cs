namespace OsModa.Core.Observation;

/// <summary>What a server may send: a sum at once, which grows again with time.</summary>
internal sealed class Allowance(TimeProvider time)
{
    // A snapshot of 4,096 units is 2 MB; a switch of hundreds of units about as much. A broken line is one torn between two writers.
    private const double BytesAtOnce = 64 * 1024 * 1024, BytesPerSecond = 2 * 1024 * 1024;
    private const double BrokenAtOnce = 500, BrokenPerSecond = 1;

    private double _bytes = BytesAtOnce;
    private double _broken = BrokenAtOnce;
    private long _at = time.GetTimestamp();

    /// <summary>Takes off what came. False: more than allowed.</summary>
    public bool Take(int bytes) => (_bytes -= bytes) >= 0 || Refilled(ref _bytes);

    /// <summary>Takes off lines that could not be read. False: more than allowed.</summary>
    public bool TakeBroken(long lines) => (_broken -= lines) >= 0 || Refilled(ref _broken);

    private bool Refilled(ref double what)
    {
        var passed = time.GetElapsedTime(_at).TotalSeconds;
        _at = time.GetTimestamp();
        _bytes = Math.Min(BytesAtOnce, _bytes + (passed * BytesPerSecond));
        _broken = Math.Min(BrokenAtOnce, _broken + (passed * BrokenPerSecond));
        return what >= 0;
    }
}
