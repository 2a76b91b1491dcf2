namespace OsModa.Benchmarks;

/// <summary>Standard output is for programs: one <c>metric value unit</c> a line and nothing else. People read standard error.</summary>
internal static class Report
{
    public static void Metric(string name, double value, string unit) => Console.Out.WriteLine($"{name} {value:0.###} {unit}");

    /// <summary>A figure with what it must not exceed on the line after it.</summary>
    public static void Metric(string name, double value, string unit, double limit)
    {
        Metric(name, value, unit);
        Metric($"{name}.limit", limit, unit);
        if (value > limit)
        {
            Say($"{name} is over its limit: {value:0.###} instead of at most {limit:0.###} {unit}");
        }
    }

    public static void Say(string text) => Console.Error.WriteLine(text);
}
