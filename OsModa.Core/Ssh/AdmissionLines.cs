using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using OsModa.Core.Servers;

namespace OsModa.Core.Ssh;

/// <summary>What a person puts into a server's NixOS configuration so that the dashboard is let in, and no further than it needs.</summary>
public static class AdmissionLines
{
    /// <summary>One line for authorized_keys.</summary>
    /// <param name="publicKey">Of <see cref="OrganisationKeys"/>.</param>
    /// <param name="jumpHost">The dashboard goes through this server to others, which needs forwarding.</param>
    /// <param name="from">Addresses that the dashboard connects from; empty: any.</param>
    public static string AuthorizedKey(string publicKey, bool jumpHost = false, params IReadOnlyList<IPAddress> from)
    {
        // "restrict" forbids terminals and every kind of forwarding, whatever later versions of sshd invent.
        var options = jumpHost ? "restrict,port-forwarding" : "restrict";
        return from.Count == 0 ? $"{options} {publicKey}" : $"{options},from=\"{string.Join(',', from)}\" {publicKey}";
    }

    /// <summary>Reads addresses with commas or spaces between them.</summary>
    /// <param name="text">As typed; nothing: any address.</param>
    /// <param name="from">For <see cref="AuthorizedKey"/>.</param>
    /// <param name="error">A sentence for the person.</param>
    public static bool TryParseFrom(string? text, out IReadOnlyList<IPAddress> from, [NotNullWhen(false)] out string? error)
    {
        var addresses = new List<IPAddress>();
        error = null;
        foreach (var word in (text ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // IPAddress takes "7" too, and zones, which mean something on one machine only.
            if (IPAddress.TryParse(word, out var address) && !word.Contains('%', StringComparison.Ordinal) && (address.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == word))
            {
                addresses.Add(address);
            }
            else
            {
                error ??= $"“{word}” is no IP address: they look like 192.0.2.1 or 2001:db8::1.";
            }
        }

        from = error is null ? addresses : [];
        return error is null;
    }

    /// <summary>NixOS lines that admit a login with this line. Root needs no more; another user is made and gets sudo without a password.</summary>
    /// <param name="login">User on the server.</param>
    /// <param name="authorizedKey">Of <see cref="AuthorizedKey"/>.</param>
    public static string Nixos(LoginName login, string authorizedKey)
    {
        var key = authorizedKey.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("${", "\\${", StringComparison.Ordinal);
        if (login == LoginName.Root)
        {
            return $"""
                users.users.root.openssh.authorizedKeys.keys = [
                  "{key}"
                ];
                """;
        }

        return $$"""
            users.users."{{login}}" = {
              isNormalUser = true;
              openssh.authorizedKeys.keys = [
                "{{key}}"
              ];
            };
            security.sudo.extraRules = [
              {
                users = [ "{{login}}" ];
                commands = [ { command = "ALL"; options = [ "NOPASSWD" ]; } ];
              }
            ];
            """;
    }
}
