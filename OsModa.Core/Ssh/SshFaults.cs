using OsModa.Core.Servers;
using static OsModa.Core.Ssh.ConnectionFaultKind;

namespace OsModa.Core.Ssh;

/// <summary>Makes faults that people understand out of what <c>ssh</c> and <c>sudo</c> say.</summary>
internal static class SshFaults
{
    /// <summary>Judges an <c>ssh</c> that ended before it let us in.</summary>
    /// <param name="errors">Its standard error. Its own words come first in each test: what a server can put there is a name or a reason, never a whole line.</param>
    /// <param name="route">Where it was going.</param>
    public static ConnectionFault Connecting(string errors, SshRoute route)
    {
        var hop = Blamed(errors, route);
        var who = hop == route.Server ? hop.ToString() : $"the jump host {hop}";
        var login = $"{hop.Login}@{hop}";
        bool Says(string text) => errors.Contains(text, StringComparison.OrdinalIgnoreCase);

        if (Says("REMOTE HOST IDENTIFICATION HAS CHANGED") || Says("Host key verification failed"))
        {
            return HostKeyChanged(route, hop, []);
        }

        if (Says("Permission denied (") || Says("Too many authentication failures") || Says("Permission denied, please try again"))
        {
            return new(PermissionDenied, $"{Capital(who)} does not let the login '{hop.Login}' in with this organisation's key. Add the key to the server's configuration, as its settings page shows, and switch it.");
        }

        if (Says("Could not resolve hostname") || Says("Name or service not known") || Says("Temporary failure in name resolution"))
        {
            return new(ConnectionFaultKind.NameUnknown, $"The name {hop.Address} is not known{(route.Jumps ? " where the connection goes out" : "")}. Check its spelling and the DNS entry.");
        }

        if (Says("Connection refused"))
        {
            return new(Refused, $"{Capital(who)} answers, but nothing listens for SSH there. Check that sshd runs (services.openssh.enable) and that the port is right.");
        }

        if (Says("administratively prohibited"))
        {
            return new(Unreachable, $"The jump host does not pass connections on to {who}. Allow TCP forwarding in its sshd (AllowTcpForwarding).");
        }

        if (Says("No route to host") || Says("Network is unreachable") || Says("Host is down") || Says("Network unreachable"))
        {
            return new(Unreachable, $"There is no way to {who}. Check that it is switched on and connected, and that no firewall rejects port {hop.Port}.");
        }

        if (Says("timed out") || Says("Timeout before authentication"))
        {
            return TimedOut(who, hop);
        }

        if (Says("Unable to negotiate"))
        {
            return new(Misbehaving, $"{Capital(who)} and the dashboard have no SSH algorithm in common. Bring its OpenSSH up to date.");
        }

        if (Says("banner line contains invalid characters") || Says("Bad packet length") || Says("Protocol mismatch") || Says("invalid format") || Says("banner line too long") || Says("message authentication code incorrect"))
        {
            return new(Misbehaving, $"What answers at {who} does not speak SSH properly. Check the address and the port.");
        }

        if (Says("No user exists for uid") || Says("Bad configuration option") || Says("Bad owner or permissions") || Says("cannot bind to path") || Says("too long for Unix domain socket"))
        {
            return new(Ours, $"The dashboard's own ssh program does not work: {Harmless(errors)}");
        }

        if (Says("Connection reset") || Says("Connection closed") || Says("kex_exchange_identification") || Says("Broken pipe") || Says("Received disconnect"))
        {
            return new(Refused, $"{Capital(who)} ended the connection before it let {login} in. A firewall, fail2ban or the limit MaxStartups of its sshd may do that.");
        }

        return new(Unreachable, $"The connection to {who} failed: {Harmless(errors)}");
    }

    /// <summary>Judges a command that ended before its script began.</summary>
    public static ConnectionFault Starting(string errors, int exitStatus, SshRoute route, Privilege privilege)
    {
        var login = $"{route.Server.Login}@{route.Server}";
        bool Says(string text) => errors.Contains(text, StringComparison.OrdinalIgnoreCase);

        if (Says("Session open refused by peer"))
        {
            return new(Refused, $"{Capital(route.Server.ToString())} does not allow this many commands at the same time. Raise MaxSessions of its sshd, which is 10 by default.");
        }

        if (Says("password has expired") || Says("Password change required") || Says("Account or password is expired") || Says("account has expired"))
        {
            return new(PasswordExpired, $"The password of {login} has expired, and its server lets nobody in before it is changed. Log in by hand and change it, or take the expiry away with 'chage -M -1 {route.Server.Login}'.");
        }

        if (privilege == Privilege.Sudo && (Says("sudo") || Says("not in the sudoers file") || Says("not allowed to execute")))
        {
            return NoSudo(route, errors);
        }

        if (Says("This account is currently not available") || Says("nologin"))
        {
            return new(PermissionDenied, $"The login shell of {login} refuses commands. Give the user a real shell, such as users.users.{route.Server.Login}.shell = pkgs.bashInteractive.");
        }

        return new(Misbehaving, errors.Length == 0
            ? $"{Capital(route.Server.ToString())} ended our script before it began (exit status {exitStatus}). A command forced on our key (command= in authorized_keys, ForceCommand) does that."
            : $"{Capital(route.Server.ToString())} ended our script before it began: {Harmless(errors)}");
    }

    public static ConnectionFault NoSudo(SshRoute route, string answer) => new(
        ConnectionFaultKind.NoSudo,
        $"{route.Server.Login}@{route.Server} may not become root: {Harmless(answer)} Let it run sudo without a password, as the server's settings page shows, or log in as root.");

    /// <param name="route">The way.</param>
    /// <param name="hop">Whose key it is.</param>
    /// <param name="offered">Fingerprints of what it shows now, best kind first; empty when they could not be read.</param>
    public static ConnectionFault HostKeyChanged(SshRoute route, SshHop hop, IReadOnlyList<string> offered)
    {
        var accepted = hop.Keys.OrderBy(k => HostKey.Types.ToList().IndexOf(k.Type)).Select(k => k.Fingerprint).ToList();
        var whose = hop == route.Server ? "The server" : "The jump host";
        var shows = offered.FirstOrDefault(o => !accepted.Contains(o)) is { } other ? $"the host key {other}" : "a host key that nobody has accepted";
        return new(ConnectionFaultKind.HostKeyChanged, $"{whose} {hop} now shows {shows}; accepted is {accepted.FirstOrDefault() ?? "none"}. It may have been installed anew, or somebody stands in between. Nothing is sent to it until a person decides.")
        {
            KeyOf = hop.Id,
            Offered = [.. offered],
        };
    }

    public static ConnectionFault HostKeyUnknown(SshRoute route, SshHop hop) => new(
        ConnectionFaultKind.HostKeyUnknown,
        $"No host key of {(hop == route.Server ? "" : "the jump host ")}{hop} has been accepted yet. Compare its fingerprint and accept it; nothing is sent to the server before.");

    public static ConnectionFault TimedOut(SshRoute route) => TimedOut(route.Server.ToString(), route.Server);

    public static ConnectionFault Silent(SshRoute route, TimeSpan after) => new(
        ConnectionFaultKind.TimedOut,
        $"{Capital(route.Server.ToString())} is connected but did not start our command within {after.TotalSeconds:0} s. It may be overloaded; the connection is made anew.");

    public static ConnectionFault Busy(SshRoute route) => new(
        Refused,
        $"Too many commands are under way on {route.Server} at the same time; this one found no place. Try again when one of them has ended.");

    public static ConnectionFault Chatter(SshRoute route) => new(
        Misbehaving,
        $"The start-up files of the login {route.Server.Login} on {route.Server} print more than 64 KiB. Make them silent for commands that are not interactive.");

    public static ConnectionFault Lost(SshRoute route, string errors) => new(
        ConnectionFaultKind.Lost,
        errors.Length == 0
            ? $"The connection to {route.Server} ended: it stopped answering, or it closed the connection."
            : $"The connection to {route.Server} ended: {Harmless(errors)}");

    public static ConnectionException NameUnknown(HostAddress host, Exception? inner) => new(
        new(ConnectionFaultKind.NameUnknown, $"The name {host} is not known. Check its spelling and the DNS entry."), inner);

    /// <summary>One line of another machine's text, fit for a sentence: printable characters, 200 at most.</summary>
    public static string Harmless(string text)
    {
        var line = text.Split('\n').Select(l => l.Trim()).FirstOrDefault(l => l.Any(char.IsAsciiLetterOrDigit)) ?? "no reason given";
        var printable = Printable(line);
        return printable.Length <= 200 ? printable.TrimEnd('.') + "." : printable[..200] + "…";
    }

    /// <summary>With a mark in the place of everything that is not a printable ASCII character.</summary>
    public static string Printable(string text) => string.Concat(text.Select(c => c is >= ' ' and < '\u007f' ? c : '\ufffd'));

    private static ConnectionFault TimedOut(string who, SshHop hop) => new(
        ConnectionFaultKind.TimedOut,
        $"{Capital(who)} did not answer in time. Check that it is switched on and that no firewall swallows port {hop.Port}.");

    // A jump host's own trouble names it: by our id in words about keys, by its address where the connection or the login failed.
    private static SshHop Blamed(string errors, SshRoute route)
    {
        foreach (var hop in route.Hops)
        {
            if (errors.Contains($"Host key for {hop.Id} ", StringComparison.Ordinal) || errors.Contains($"known for {hop.Id} ", StringComparison.Ordinal))
            {
                return hop;
            }
        }

        if (!route.Jumps)
        {
            return route.Server;
        }

        // The client in the middle speaks of its own hop; behind it only "stdio forwarding failed" is said.
        return route.Hops.SkipLast(1).FirstOrDefault(hop =>
                errors.Contains($"{hop.Login}@", StringComparison.Ordinal) && errors.Contains($"{hop.Login}@{hop.Address}: Permission denied", StringComparison.Ordinal))
            ?? (errors.Contains("stdio forwarding failed", StringComparison.Ordinal) || errors.Contains($"{route.Server.Login}@{route.Server.Address}: Permission denied", StringComparison.Ordinal)
                ? route.Server
                : errors.Contains("ssh: connect to host", StringComparison.Ordinal) ? route.First : route.Server);
    }

    private static string Capital(string text) => text.StartsWith("the ", StringComparison.Ordinal) ? "T" + text[1..] : text;
}
