using OsModa.Core.Servers;

namespace OsModa.Core.Ssh;

/// <summary>What a line of <c>ssh</c>'s complaints means; the most telling first.</summary>
internal enum SshWord
{
    HostKeyWrong,
    Denied,
    NameUnknown,
    ForwardingForbidden,
    Refused,
    Unreachable,
    TimedOut,
    NothingInCommon,
    NotSsh,
    OwnTrouble,
    Ended,
}

/// <summary>
/// Reads what OpenSSH's client (8.5 and later, LC_ALL=C, LogLevel INFO) writes to standard error. A server can put text there too, before it
/// lets us in: its greeting, and the reason of a disconnection. Therefore only whole lines of ssh's own form count.
/// </summary>
internal static class SshWords
{
    /// <summary>The most telling line; null when there is none.</summary>
    public static (SshWord Word, string Line)? Read(string errors)
    {
        (SshWord Word, string Line)? found = null;
        foreach (var raw in errors.Split('\n'))
        {
            var line = raw.TrimEnd('\r');
            if (Of(line) is { } word && (found is null || word < found.Value.Word))
            {
                found = (word, line);
            }
        }

        return found;
    }

    private static SshWord? Of(string line)
    {
        if (line is "Host key verification failed.")
        {
            return SshWord.HostKeyWrong;
        }

        // "deploy@192.0.2.7: Permission denied (publickey)."
        if (line.EndsWith(").", StringComparison.Ordinal) && line.Contains(": Permission denied (", StringComparison.Ordinal) && IsLogin(line.Split(": ")[0]))
        {
            return SshWord.Denied;
        }

        if (line.StartsWith("Received disconnect from ", StringComparison.Ordinal))
        {
            return line.EndsWith(":2: Too many authentication failures", StringComparison.Ordinal) ? SshWord.Denied : SshWord.Ended;
        }

        if (line.StartsWith("ssh: Could not resolve hostname ", StringComparison.Ordinal))
        {
            return SshWord.NameUnknown;
        }

        // "ssh: connect to host 192.0.2.7 port 22: No route to host", and a jump host's "channel 0: open failed: connect failed: No route to host"
        if (line.StartsWith("ssh: connect to host ", StringComparison.Ordinal))
        {
            return Reason(line[(line.LastIndexOf(": ", StringComparison.Ordinal) + 2)..]);
        }

        if (line.StartsWith("channel ", StringComparison.Ordinal) && After(line, ": open failed: ") is { } refusal)
        {
            return After(refusal, "connect failed: ") is { } reason ? Reason(reason)
                : refusal.StartsWith("administratively prohibited", StringComparison.Ordinal) ? SshWord.ForwardingForbidden
                : SshWord.Unreachable;
        }

        if (line is "Connection timed out during banner exchange" || (line.StartsWith("Connection to ", StringComparison.Ordinal) && line.EndsWith(" timed out", StringComparison.Ordinal)))
        {
            return SshWord.TimedOut;
        }

        if (line.StartsWith("Unable to negotiate with ", StringComparison.Ordinal))
        {
            return SshWord.NothingInCommon;
        }

        if (line.StartsWith("Protocol major versions differ", StringComparison.Ordinal)
            || line is "kex_exchange_identification: banner line contains invalid characters" or "kex_exchange_identification: No SSH version received in first 1024 lines from server"
            || line.StartsWith("ssh_dispatch_run_fatal: ", StringComparison.Ordinal)
            || (line.StartsWith("banner exchange: ", StringComparison.Ordinal) && line.EndsWith(": invalid format", StringComparison.Ordinal)))
        {
            return SshWord.NotSsh;
        }

        if (line.StartsWith("No user exists for uid ", StringComparison.Ordinal)
            || line.Contains(": Bad configuration option: ", StringComparison.Ordinal)
            || line.StartsWith("Bad owner or permissions on ", StringComparison.Ordinal)
            || line.StartsWith("unix_listener: ", StringComparison.Ordinal))
        {
            return SshWord.OwnTrouble;
        }

        return line.StartsWith("Connection closed by ", StringComparison.Ordinal)
            || line.StartsWith("Connection reset by ", StringComparison.Ordinal)
            || line.StartsWith("kex_exchange_identification: ", StringComparison.Ordinal)
            ? SshWord.Ended
            : null;
    }

    private static SshWord Reason(string reason) => reason switch
    {
        "Connection refused" => SshWord.Refused,
        "Connection timed out" or "Operation timed out" => SshWord.TimedOut,
        "Name or service not known" or "Temporary failure in name resolution" or "No address associated with hostname" => SshWord.NameUnknown,
        _ => SshWord.Unreachable,
    };

    private static bool IsLogin(string text) => text.Split('@') is [var user, var host] && LoginName.TryParse(user, out _, out _) && HostAddress.TryParse(host, out _, out _);

    private static string? After(string line, string mark) =>
        line.IndexOf(mark, StringComparison.Ordinal) is >= 0 and var at ? line[(at + mark.Length)..] : null;
}
