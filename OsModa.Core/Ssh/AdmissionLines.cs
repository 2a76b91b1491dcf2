using System.Net;
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
