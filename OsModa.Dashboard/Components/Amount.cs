namespace OsModa.Dashboard.Components;

/// <summary>Figures with their units.</summary>
public static class Amount
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB", "PB"];

    /// <summary>Powers of 1000, three digits: <c>4.19 GB</c>, <c>21 MB</c>, <c>512 B</c>.</summary>
    public static string Bytes(long bytes)
    {
        var unit = 0;
        var value = (double)Math.Abs(bytes);
        while (value >= 999.5 && unit < Units.Length - 1)
        {
            value /= 1000;
            unit++;
        }

        var digits = unit == 0 || value >= 99.95 ? "0" : value >= 9.995 ? "0.#" : "0.##";
        return $"{(bytes < 0 ? "−" : "")}{value.ToString(digits)} {Units[unit]}";
    }

    /// <summary>Whole percent, with the space that keeps both together.</summary>
    public static string Percent(double part) => $"{part * 100:0} %";

    /// <summary>Tenths of seconds below two minutes, then minutes and seconds: <c>1.6 s</c>, <c>3:48 min</c>.</summary>
    public static string Seconds(TimeSpan time) =>
        time < TimeSpan.FromMinutes(2) ? $"{time.TotalSeconds:0.0} s" : $"{(int)time.TotalMinutes}:{time.Seconds:00} min";

    /// <summary>The same, with hundredths for what is shorter than a tenth: <c>0.04 s</c>.</summary>
    public static string ShortSeconds(TimeSpan time) => time < TimeSpan.FromSeconds(0.1) ? $"{time.TotalSeconds:0.00} s" : Seconds(time);

    /// <summary>A length of time in its two largest units: <c>10 d 4 h</c>, <c>2 h 5 min</c>, <c>31 s</c>.</summary>
    public static string Span(TimeSpan time) => time switch
    {
        { TotalDays: >= 1 } => $"{(int)time.TotalDays} d {time.Hours} h",
        { TotalHours: >= 1 } => $"{(int)time.TotalHours} h {time.Minutes} min",
        { TotalMinutes: >= 1 } => $"{(int)time.TotalMinutes} min",
        _ => $"{Math.Max(0, (int)time.TotalSeconds)} s",
    };

    /// <summary><c>1 agent</c>, <c>5 agents</c>.</summary>
    public static string Count(int count, string one, string? many = null) => $"{count} {(count == 1 ? one : many ?? one + "s")}";
}
