namespace OsModa.Core.Comparison;

/// <summary>Which way a change moves the border.</summary>
public enum SecurityMove
{
    /// <summary>More is let in, or more is permitted.</summary>
    Looser,

    /// <summary>Neither way, or it cannot be told: a person should look.</summary>
    Changed,

    /// <summary>Less is let in, or less is permitted.</summary>
    Tighter,
}

/// <summary>A change that people who care for safety read first.</summary>
/// <param name="Subject">What it is about: <c>port 9100</c>, <c>user deploy</c>, <c>nginx.service</c>.</param>
/// <param name="What">Half a sentence that goes on from the subject.</param>
/// <param name="Move">Which way.</param>
public sealed record SecurityChange(string Subject, string What, SecurityMove Move);
