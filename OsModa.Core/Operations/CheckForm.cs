using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using OsModa.Core.SafeSwitch;

namespace OsModa.Core.Operations;

/// <summary>What a check looks at.</summary>
public enum CheckKind
{
    Port,
    Url,
    Unit,
    Daemon,
    Command,
}

/// <summary>What a person types about one check.</summary>
/// <param name="Kind">What it looks at.</param>
/// <param name="Subject">The port (with a host before it, if it is not the server itself), URL, unit, socket or command.</param>
/// <param name="Body">Of a URL: text that the answer holds; empty for any.</param>
/// <param name="Status">Of a URL: status that it answers with; empty: 200.</param>
/// <param name="Within">Of a URL: milliseconds; empty: 2,000.</param>
public sealed record CheckForm(CheckKind Kind, string? Subject = null, string? Body = null, string? Status = null, string? Within = null)
{
    /// <summary>Reads it into a check, called by what it is and its place.</summary>
    public bool TryCheck(int place, [NotNullWhen(true)] out HealthCheck? check, [NotNullWhen(false)] out string? error)
    {
        // One line to one kind of text: the reader of orders is the one place that knows what fits.
        var subject = Subject?.Trim() ?? "";
        (string Kind, string Values) line = Kind switch
        {
            CheckKind.Port => ("tcp", Port(subject)),
            CheckKind.Url => ("http", $"{subject}\t{Or(Status, "200")}\t={Body?.Trim()}\t{Or(Within, "2000")}"),
            CheckKind.Unit => ("unit", subject.Contains('.', StringComparison.Ordinal) ? subject : subject + ".service"),
            CheckKind.Daemon => ("daemon", subject),
            _ => ("command", subject),
        };
        check = null;
        error = subject.Any(char.IsControl) || (Body ?? "").Any(char.IsControl) ? "A check is one line." : subject.Length == 0 ? Empty : null;
        return error is null && HealthCheckText.TryParse(string.Create(CultureInfo.InvariantCulture, $"{line.Kind}-{place}\t{line.Kind}\t{line.Values}"), out check, out error);
    }

    private string Empty => Kind switch
    {
        CheckKind.Port => "Say which port, such as 8080 or 10.0.0.2:5432.",
        CheckKind.Url => "Say which URL, such as http://127.0.0.1:8080/health.",
        CheckKind.Unit => "Say which unit, such as scout.service.",
        CheckKind.Daemon => "Say which socket, such as /run/osmoda/agentd.sock.",
        _ => "Say which command.",
    };

    // "8080", "host:8080", "[::1]:8080".
    private static string Port(string subject)
    {
        var at = subject.LastIndexOf(':');
        return at < 0 ? $"127.0.0.1\t{subject}" : $"{subject[..at].Trim('[', ']')}\t{subject[(at + 1)..]}";
    }

    private static string Or(string? text, string otherwise) => text?.Trim() is { Length: > 0 } typed ? typed : otherwise;
}
