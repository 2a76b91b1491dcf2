using System.Diagnostics.CodeAnalysis;
using System.Net;
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
        else if (IPAddress.TryParse(trimmed, out var ip) && !trimmed.Contains('%', StringComparison.Ordinal))
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

    // RFC 1123 section 2.1: labels of letters, digits and inner dashes, 63 at most.
    [GeneratedRegex(@"\A[A-Za-z0-9]([A-Za-z0-9\-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9\-]{0,61}[A-Za-z0-9])?)*\.?\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Name();

    // "1.2.3" or "0x7f.1": resolvers read such names as addresses in old notations.
    [GeneratedRegex(@"\A(0[xX][0-9A-Fa-f]+|[0-9]+)(\.(0[xX][0-9A-Fa-f]+|[0-9]+))*\.?\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex AllDigits();
}
