namespace OsModa.Core.Ledger.Servers;

/// <summary>
/// What sudo writes (sudoers(5), LOG FORMAT): <c>user : TTY=… ; PWD=… ; USER=… ; COMMAND=…</c>, with a reason in front where it refused. The command is the last field and may hold
/// anything.
/// </summary>
internal static class SudoLine
{
    private const string Between = " ; ";
    private const string Command = "COMMAND=";
    private const int CommandMost = 500;

    public static HostEvent? Read(string text)
    {
        var colon = text.IndexOf(" : ", StringComparison.Ordinal);
        var user = colon < 0 ? "" : text[..colon].Trim();
        if (user.Length is 0 or > 64 || user.Contains(' '))
        {
            return null;
        }

        var (rest, reason, asUser) = (text[(colon + 3)..], "", "root");
        while (!rest.StartsWith(Command, StringComparison.Ordinal))
        {
            var end = rest.IndexOf(Between, StringComparison.Ordinal);
            if (end < 0)
            {
                return null;
            }

            var field = rest[..end];
            rest = rest[(end + Between.Length)..];
            var equals = field.IndexOf('=');
            if (equals < 0)
            {
                reason = field;
            }
            else if (field[..equals] == "USER")
            {
                asUser = field[(equals + 1)..];
            }
        }

        var command = rest[Command.Length..];
        command = command.Length > CommandMost ? command[..CommandMost] + "…" : command;
        var details = LedgerVerbs.Details(("as", asUser), ("command", command), ("refused", reason));
        return reason.Length == 0
            ? new HostEvent(HostVerbs.Sudo, user, $"Ran as {asUser}: {command}", details)
            : new HostEvent(HostVerbs.SudoRefused, user, $"Was not let run as {asUser}: {command} ({reason})", details);
    }
}
