namespace OsModa.Benchmarks;

/// <summary>Measured values of one kind, all of them: none is left out for being late.</summary>
internal sealed class Samples(string name)
{
    private readonly List<double> _values = [];

    public int Count => _values.Count;

    public double Median => Percentile(50);

    public void Add(double value) => _values.Add(value);

    /// <summary>Nearest rank: the smallest value that at least <paramref name="percent"/> of all values do not exceed.</summary>
    public double Percentile(double percent)
    {
        if (_values.Count == 0)
        {
            throw new InvalidOperationException($"Nothing was measured: {name}.");
        }

        var sorted = _values.Order().ToArray();
        return sorted[Math.Max(0, (int)Math.Ceiling(percent / 100 * sorted.Length) - 1)];
    }

    public override string ToString() =>
        $"{name}: n {Count}, p50 {Percentile(50):0.0##}, p90 {Percentile(90):0.0##}, p95 {Percentile(95):0.0##}, p99 {Percentile(99):0.0##}, least {Percentile(0):0.0##}, most {Percentile(100):0.0##}";
}
