namespace OsModa.Dashboard.Pages.Comparing;

/// <summary>What the two sides of a comparison are called: before and after a switch, or two servers.</summary>
/// <param name="From">The left side; empty where the sides are before and after.</param>
/// <param name="To">The right side; empty likewise.</param>
public sealed record Sides(string From, string To)
{
    /// <summary>Two generations of one server, one after the other.</summary>
    public static Sides InTime { get; } = new("", "");

    private bool Servers => From.Length > 0;

    /// <summary>Of what only the right side has.</summary>
    /// <param name="inTime">The word where it comes with a switch.</param>
    public string Added(string inTime) => Servers ? $"only on {To}" : inTime;

    /// <summary>Of what only the left side has.</summary>
    /// <param name="inTime">The word where it goes with a switch.</param>
    public string Removed(string inTime) => Servers ? $"only on {From}" : inTime;

    public string Changed => Servers ? "not the same" : "changed";

    /// <summary>Behind an amount: <c>1.2 GB before</c>, <c>1.2 GB on web1</c>.</summary>
    public string Before => Servers ? $"on {From}" : "before";

    public string After => Servers ? $"on {To}" : "after";
}
