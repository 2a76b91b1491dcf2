using System.Text;

namespace OsModa.Core.Ssh;

/// <summary>What kind of server it is and what the login may do there, as the server says. Texts are printable and 200 characters at most.</summary>
public sealed record ProbeResult
{
    private const int LinesRead = 50;

    public bool IsRoot { get; init; }

    /// <summary>The login becomes root by <c>sudo -n</c>.</summary>
    public bool SudoWorks { get; init; }

    /// <summary>What sudo said when it refused; empty otherwise.</summary>
    public string SudoAnswer { get; init; } = "";

    public bool IsNixos { get; init; }

    /// <summary>Such as <c>NixOS 24.05 (Uakari)</c>; empty when there is no os-release.</summary>
    public string OsName { get; init; } = "";

    /// <summary>Such as <c>nix (Nix) 2.18.2</c>; empty when there is none.</summary>
    public string NixVersion { get; init; } = "";

    /// <summary>Such as <c>systemd 255 (255.6)</c>; empty when systemd is not process 1.</summary>
    public string SystemdVersion { get; init; } = "";

    public bool MayAct => IsRoot || SudoWorks;

    /// <summary>
    /// The first thing that keeps the dashboard from doing all of its work there; null: nothing does. Without root it can still
    /// watch, and says what it cannot see.
    /// </summary>
    /// <param name="route">The server.</param>
    public ConnectionFault? Fault(SshRoute route)
    {
        if (!IsNixos || SystemdVersion.Length == 0)
        {
            var what = OsName.Length == 0 ? "an unknown system" : IsNixos ? $"{OsName} without systemd" : OsName;
            return new(ConnectionFaultKind.NotNixos, $"{route.Server} runs {what}, not NixOS with systemd. The dashboard is made for NixOS; check the address, or install NixOS there first.");
        }

        if (NixVersion.Length == 0)
        {
            return new(ConnectionFaultKind.NixMissing, $"{route.Server} is NixOS, but the login {route.Server.Login} finds no 'nix' there. Take 'nix.enable = false' out of its configuration, or repair its PATH.");
        }

        return MayAct ? null : SudoFault(route);
    }

    internal ConnectionFault SudoFault(SshRoute route) =>
        SudoAnswer.Contains("expired", StringComparison.OrdinalIgnoreCase) ? SshFaults.Starting(SudoAnswer, 1, route, Privilege.Sudo) : SshFaults.NoSudo(route, SudoAnswer);

    /// <summary>Reads the output of probe.sh; what is not of its shape is skipped.</summary>
    /// <exception cref="ConnectionException">The connection was lost, or the output is not probe.sh's.</exception>
    internal static async Task<ProbeResult> ReadAsync(IRemoteRun run, CancellationToken cancellationToken)
    {
        var said = new Dictionary<string, string>();
        await foreach (var line in run.ReadLinesAsync(cancellationToken))
        {
            if (said.Count < LinesRead && Encoding.UTF8.GetString(line.Span[..Math.Min(line.Length, 1000)]).Split('=', 2) is [var key, var value])
            {
                said[key] = SshFaults.Printable(value.Trim());
            }
        }

        string Of(string key) => said.GetValueOrDefault(key, "");
        return Of("done") == "yes"
            ? new ProbeResult
            {
                IsRoot = Of("uid") == "0",
                SudoWorks = Of("sudo") == "yes",
                SudoAnswer = Of("sudo-says"),
                IsNixos = Of("os-id") == "nixos" || Of("nixos-mark") == "yes",
                OsName = Of("os"),
                NixVersion = Of("nix"),
                SystemdVersion = Of("systemd"),
            }
            : throw new ConnectionException(new ConnectionFault(ConnectionFaultKind.Misbehaving, "The server did not answer our first question in full. Look at its login shell and start-up files."));
    }
}
