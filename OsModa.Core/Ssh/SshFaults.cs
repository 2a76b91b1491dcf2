using OsModa.Core.Servers;
using static OsModa.Core.Ssh.ConnectionFaultKind;

namespace OsModa.Core.Ssh;

/// <summary>Makes faults that people understand out of what <c>ssh</c> and <c>sudo</c> say.</summary>
internal static class SshFaults
{
    /// <summary>Judges an <c>ssh</c> that ended before it let us in.</summary>
    /// <param name="errors">Its standard error.</param>
    /// <param name="route">Where it was going.</param>
    public static ConnectionFault Connecting(string errors, SshRoute route)
    {
        var word = SshWords.Read(errors);
        var hop = Blamed(word?.Line ?? "", errors, route);
        var who = hop == route.Server ? hop.ToString() : $"the jump host {hop}";
        return word?.Word switch
        {
            SshWord.HostKeyWrong => HostKeyChanged(route, hop, []) with { KeyNotFound = SaysNotFound(errors, hop) },
            SshWord.Denied => new(PermissionDenied, $"{Capital(who)} does not let the login '{hop.Login}' in with this organisation's key. Add the key to the server's configuration, as its settings page shows, and switch it."),
            SshWord.NameUnknown => new(ConnectionFaultKind.NameUnknown, $"The name {hop.Address} is not known{(route.Jumps ? " to the jump host" : "")}. Check its spelling and the DNS entry."),
            SshWord.ForwardingForbidden => new(Unreachable, $"The jump host does not pass connections on to {who}. Allow forwarding in its sshd (AllowTcpForwarding) and for our key (port-forwarding)."),
            SshWord.Refused => new(Refused, $"{Capital(who)} answers, but nothing listens for SSH there. Check that sshd runs (services.openssh.enable) and that the port is right."),
            SshWord.Unreachable => new(Unreachable, $"There is no way to {who}. Check that it is switched on and connected, and that no firewall rejects port {hop.Port}."),
            SshWord.TimedOut => TimedOut(who, hop),
            SshWord.NothingInCommon => new(Misbehaving, $"{Capital(who)} and the dashboard have no SSH algorithm in common. Bring its OpenSSH up to date."),
            SshWord.NotSsh => new(Misbehaving, $"What answers at {who} does not speak SSH properly. Check the address and the port."),
            SshWord.OwnTrouble => new(Ours, $"The dashboard's own ssh program does not work: {Harmless(word.Value.Line)}"),
            SshWord.Ended => new(Refused, $"{Capital(who)} ended the connection before it let '{hop.Login}' in. A firewall, fail2ban, or the limits PerSourcePenalties (OpenSSH 9.8) and MaxStartups of its sshd may do that."),
            _ => new(Unreachable, $"The connection to {who} failed: {Harmless(errors)}"),
        };
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
            return Expired(route);
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
        $"No host key of {(hop == route.Server ? "" : "the jump host ")}{hop} has been accepted yet. Compare its fingerprint and accept it; nothing is sent to the server before.")
    {
        KeyOf = hop.Id,
    };

    public static ConnectionFault TimedOut(SshRoute route) => TimedOut(route.Server.ToString(), route.Server);

    public static ConnectionFault Silent(SshRoute route, TimeSpan after) => new(
        ConnectionFaultKind.TimedOut,
        $"{Capital(route.Server.ToString())} is connected but did not start our command within {after.TotalSeconds:0} s. It may be overloaded; the connection is made anew.");

    public static ConnectionFault Busy(SshRoute route) => new(
        Refused,
        $"Too many commands are under way on {route.Server} at the same time; this one found no place. Try again when one of them has ended.")
    {
        NothingSent = true,
    };

    public static ConnectionFault Chatter(SshRoute route) => new(
        Misbehaving,
        $"The start-up files of the login {route.Server.Login} on {route.Server} print more than 64 KiB. Make them silent for commands that are not interactive.");

    // Told when a script is refused, or before that at the login, if the connection is closed first.
    private static ConnectionFault Expired(SshRoute route) => new(
        ConnectionFaultKind.PasswordExpired,
        $"The password of {route.Server.Login}@{route.Server} has expired, and its server lets nobody in before it is changed. Log in by hand and change it, or take the expiry away with 'chage -d -1 {route.Server.Login}'.");

    /// <param name="route">To whom.</param>
    /// <param name="errors">What ssh said at the end.</param>
    public static ConnectionFault Lost(SshRoute route, string errors) => errors.Contains("You are required to change your password", StringComparison.Ordinal) ? Expired(route) : new(
        ConnectionFaultKind.Lost,
        errors.Contains("Timeout, server ", StringComparison.Ordinal) ? $"{Capital(route.Server.ToString())} has stopped answering; the connection was given up."
            : errors.Contains("closed by remote host", StringComparison.Ordinal) ? $"{Capital(route.Server.ToString())} closed the connection: it restarts, or its sshd does."
            : errors.Length == 0 ? $"The connection to {route.Server} ended."
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

    // Whose trouble is it? Words about keys name a hop by our id, words about logins by login and address; we connect to the first ourselves,
    // and it is the only one whose name we have resolved to an address that we do not know here.
    private static SshHop Blamed(string line, string errors, SshRoute route)
    {
        if (!route.Jumps)
        {
            return route.Server;
        }

        return route.Hops.FirstOrDefault(hop => errors.Contains($"Host key for {hop.Id} ", StringComparison.Ordinal) || errors.Contains($" known for {hop.Id} ", StringComparison.Ordinal))
            ?? route.Hops.LastOrDefault(hop => line.StartsWith($"{hop.Login}@{hop.Address}: ", StringComparison.Ordinal))
            ?? (line.StartsWith("ssh: connect to host ", StringComparison.Ordinal) || line.Contains(": Permission denied (", StringComparison.Ordinal) ? route.First : route.Server);
    }

    private static bool SaysNotFound(string errors, SshHop hop) =>
        errors.Contains($" host key is known for {hop.Id} ", StringComparison.Ordinal) && !errors.Contains($"Host key for {hop.Id} has changed", StringComparison.Ordinal);

    private static string Capital(string text) => text.StartsWith("the ", StringComparison.Ordinal) ? "T" + text[1..] : text;
}
