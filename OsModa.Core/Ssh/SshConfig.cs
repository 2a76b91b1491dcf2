using System.Net;
using System.Text;

namespace OsModa.Core.Ssh;

/// <summary>
/// The texts of the two files that <c>ssh</c> reads for a route: its configuration and its known hosts. Every value in them is a constant,
/// a number, an id of ours, a path of ours or one of the checked types; servers are called by our id, whatever their address.
/// </summary>
internal static class SshConfig
{
    /// <param name="route">The way to the server.</param>
    /// <param name="address">Checked address of the first hop.</param>
    /// <param name="files">Paths for this route.</param>
    /// <param name="key">The organisation's agent.</param>
    /// <param name="settings">Times.</param>
    /// <param name="programs">For the command that goes through a jump host.</param>
    public static string Text(SshRoute route, IPAddress address, SshFiles files, AgentKey key, SshSettings settings, SshPrograms programs)
    {
        var text = new StringBuilder();
        for (var i = 0; i < route.Hops.Length; i++)
        {
            var hop = route.Hops[i];
            // Behind a jump host it is that host which resolves the name, in its own network.
            var host = i == 0 ? address.ToString() : hop.Address.Text;
            text.Append($"""
                Host {hop.Id}
                  HostName {host}
                  Port {hop.Port}
                  User {hop.Login}
                  HostKeyAlias {hop.Id}

                """);
            if (i > 0)
            {
                var bound = programs.Setpriv is { } setpriv ? $"{setpriv} --pdeathsig KILL " : "";
                text.Append($"  ProxyCommand {bound}{programs.Ssh} -F {files.Config} -W \"[{host}]:{hop.Port}\" -- {route.Hops[i - 1].Id}\n");
            }
        }

        return text.Append($"""
            Host *
              UserKnownHostsFile {files.KnownHosts}
              GlobalKnownHostsFile /dev/null
              StrictHostKeyChecking yes
              UpdateHostKeys no
              CheckHostIP no
              VerifyHostKeyDNS no
              CanonicalizeHostname no
              BatchMode yes
              PreferredAuthentications publickey
              IdentitiesOnly yes
              IdentityAgent {key.Socket}
              IdentityFile {key.PublicKeyFile}
              AddKeysToAgent no
              ForwardAgent no
              ForwardX11 no
              ClearAllForwardings yes
              PermitLocalCommand no
              ControlMaster no
              ControlPath none
              ControlPersist no
              ConnectTimeout {Math.Max(1, (int)(settings.ConnectTime.TotalSeconds * 4 / 7))}
              ConnectionAttempts 1
              ServerAliveInterval {settings.KeepAliveSeconds}
              ServerAliveCountMax 3
              EscapeChar none
              RequestTTY no
              LogLevel INFO

            """).ToString();
    }

    /// <summary>The accepted keys of every hop, under our ids.</summary>
    public static string KnownHosts(SshRoute route) =>
        string.Concat(route.Hops.SelectMany(hop => hop.Keys.Select(key => $"{hop.Id} {key.Type} {key.Key}\n")));
}

/// <summary>Files of one route in a folder of its own.</summary>
internal sealed record SshFiles(string Folder)
{
    public string Config => $"{Folder}/config";

    public string KnownHosts => $"{Folder}/known_hosts";

    /// <summary>Socket of the n-th master connection.</summary>
    public string Socket(int n) => $"{Folder}/m{n}";
}

/// <summary>Where an organisation's key can be used.</summary>
/// <param name="Socket">Its private agent.</param>
/// <param name="PublicKeyFile">Names the key to the agent.</param>
internal sealed record AgentKey(string Socket, string PublicKeyFile);
