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

    /// <summary>A figure with what it must reach on the line after it.</summary>
    public static void AtLeast(string name, double value, string unit, double least)
    {
        Metric(name, value, unit);
        Metric($"{name}.least", least, unit);
        if (value < least)
        {
            Say($"{name} does not reach what it should: {value:0.###} instead of at least {least:0.###} {unit}");
        }
    }

    public static void Say(string text) => Console.Error.WriteLine(text);
}
