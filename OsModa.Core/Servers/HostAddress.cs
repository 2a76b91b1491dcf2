using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace OsModa.Core.Servers;

/// <summary>A DNS name or an IP literal, checked; safe as an argument of <c>ssh</c> because it cannot begin with a dash.</summary>
public readonly partial record struct HostAddress
{
    private HostAddress(string text) => Text = text;

    public string Text { get; }

    public static bool TryParse(string? text, out HostAddress address, [NotNullWhen(false)] out string? error)
    {
        address = default;
        error = null;
        var trimmed = text?.Trim() ?? "";
        if (trimmed.Length == 0)
        {
            error = "Enter the server's name or IP address.";
        }
        else if (TryIp(trimmed) is { } ip)
        {
            address = new HostAddress(ip.ToString());
        }
        else if (trimmed.Length <= 253 && Name().IsMatch(trimmed) && !AllDigits().IsMatch(trimmed))
        {
            address = new HostAddress(trimmed.ToLowerInvariant());
        }
        else
        {
            error = "Not a host name or IP address: letters, digits, dots and dashes, such as web1.example.org or 192.0.2.7.";
        }

        return error is null;
    }

    public override string ToString() => Text;

    // In today's notations alone: .NET also takes "1.2.3", "0x7f.1" and "010.0.0.1", which mean something else than people think, and "[::1]:22".
    private static IPAddress? TryIp(string text) =>
        !IPAddress.TryParse(text, out var ip) ? null
        : ip.AddressFamily == AddressFamily.InterNetwork ? (ip.ToString() == text ? ip : null)
        : text.AsSpan().ContainsAny("%[]") ? null : ip;

    // RFC 1123 section 2.1: labels of letters, digits and inner dashes, 63 at most.
    [GeneratedRegex(@"\A[A-Za-z0-9]([A-Za-z0-9\-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9\-]{0,61}[A-Za-z0-9])?)*\.?\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Name();

    // "1.2.3" or "0x7f.1": resolvers read such names as addresses in old notations.
    [GeneratedRegex(@"\A(0[xX][0-9A-Fa-f]+|[0-9]+)(\.(0[xX][0-9A-Fa-f]+|[0-9]+))*\.?\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex AllDigits();
}
