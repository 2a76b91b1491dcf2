using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using OsModa.Core.Observation;
using OsModa.Core.Servers;

namespace OsModa.Core.SafeSwitch;

/// <summary>
/// Something that has to hold on a server after a change, asked by the server itself. It has the first half of the probation to come
/// true, and has to hold from then on. Only the cases below exist, and each is checked when it is made: their values are safe in an order.
/// </summary>
public abstract record HealthCheck
{
    /// <summary>Longest text of any of its values, in characters.</summary>
    public const int MaxText = 1000;

    private HealthCheck(HealthCheckName name) => Name = name;

    public HealthCheckName Name { get; }

    /// <summary>The check as a line of an order (see Journal.md), without its first word; <see cref="HealthCheckText.TryParse"/> reads it back.</summary>
    public abstract string Text { get; }

    /// <summary>A unit is active.</summary>
    public sealed record OfUnit(HealthCheckName Name, UnitName Unit) : HealthCheck(Name)
    {
        public override string Text => $"{Name}\tunit\t{Unit}";
    }

    /// <summary>Something accepts connections.</summary>
    public sealed record OfPort(HealthCheckName Name, HostAddress Host, TcpPort Port) : HealthCheck(Name)
    {
        public override string Text => $"{Name}\ttcp\t{Host}\t{Port}";
    }

    /// <summary>A GET of a URL has the status, contains a text and comes in time.</summary>
    public sealed record OfUrl : HealthCheck
    {
        private OfUrl(HealthCheckName name, string url, int status, string body, TimeSpan within) : base(name) => (Url, Status, Body, Within) = (url, status, body, within);

        public string Url { get; }

        public int Status { get; }

        /// <summary>Has to stand somewhere in the answer; empty for any answer.</summary>
        public string Body { get; }

        public TimeSpan Within { get; }

        public override string Text => string.Create(CultureInfo.InvariantCulture, $"{Name}\thttp\t{Url}\t{Status}\t={Body}\t{(int)Within.TotalMilliseconds}");

        public static bool TryMake(HealthCheckName name, string? url, int status, string? body, TimeSpan within, [NotNullWhen(true)] out OfUrl? check, [NotNullWhen(false)] out string? error)
        {
            error = !Uri.TryCreate(url?.Trim(), UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https") || parsed.UserInfo.Length > 0 || parsed.AbsoluteUri.Length > MaxText
                ? "A URL to check begins with http:// or https:// and names no user, such as http://127.0.0.1:8080/health."
                : status is < 100 or > 599 ? "A status of HTTP is a number from 100 to 599; a healthy service usually answers 200."
                : !Fits(body ?? "", mayBeEmpty: true) ? $"The text to look for is one line of at most {MaxText} characters."
                : within < TimeSpan.FromMilliseconds(10) || within > TimeSpan.FromSeconds(10) ? "The time for an answer is between 10 ms and 10 s."
                : null;
            check = error is null ? new OfUrl(name, parsed!.AbsoluteUri, status, body ?? "", within) : null;
            return error is null;
        }
    }

    /// <summary>A command, run by root with a shell, ends with 0 within 10 s.</summary>
    public sealed record OfCommand : HealthCheck
    {
        private OfCommand(HealthCheckName name, string command) : base(name) => Command = command;

        public string Command { get; }

        public override string Text => $"{Name}\tcommand\t{Command}";

        public static bool TryMake(HealthCheckName name, string? command, [NotNullWhen(true)] out OfCommand? check, [NotNullWhen(false)] out string? error)
        {
            var trimmed = command?.Trim() ?? "";
            error = Fits(trimmed) ? null : $"A command to check with is one line of at most {MaxText} characters.";
            check = error is null ? new OfCommand(name, trimmed) : null;
            return error is null;
        }
    }

    /// <summary>A daemon answers <c>GET /health</c> with 200 on a Unix socket, as those of osModa do.</summary>
    public sealed record OfDaemon : HealthCheck
    {
        private const int MaxPath = 107;        // unix(7): sun_path has 108 bytes, the last one is 0

        private OfDaemon(HealthCheckName name, string socket) : base(name) => Socket = socket;

        public string Socket { get; }

        public override string Text => $"{Name}\tdaemon\t{Socket}";

        public static bool TryMake(HealthCheckName name, string? socket, [NotNullWhen(true)] out OfDaemon? check, [NotNullWhen(false)] out string? error)
        {
            var trimmed = socket?.Trim() ?? "";
            error = trimmed.StartsWith('/') && trimmed.Length <= MaxPath && trimmed.All(char.IsAscii) && Fits(trimmed)
                ? null : $"A socket is an absolute path of at most {MaxPath} characters, such as /run/osmoda/agentd.sock.";
            check = error is null ? new OfDaemon(name, trimmed) : null;
            return error is null;
        }
    }

    private static bool Fits(string text, bool mayBeEmpty = false) =>
        (mayBeEmpty || text.Length > 0) && text.Length <= MaxText && !text.Any(char.IsControl) && !text.Any(char.IsSurrogate);
}
