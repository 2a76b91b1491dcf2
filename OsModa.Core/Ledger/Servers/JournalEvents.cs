using System.Globalization;
using System.Text.RegularExpressions;
using OsModa.Core.Nix;
using OsModa.Core.Observation;

namespace OsModa.Core.Ledger.Servers;

/// <summary>
/// Understands entries of a server's journal. Who wrote an entry is taken from what the kernel told journald (program, user), never from the entry's own words, so that a login without
/// rights cannot make up events of others.
/// </summary>
internal static partial class JournalEvents
{
    // sd-messages.h: SD_MESSAGE_UNIT_FAILURE_RESULT, SD_MESSAGE_SHUTDOWN.
    private const string UnitFailure = "d9b373ed55a64feb8242e02dbe79a49c";
    private const string Shutdown = "98268866d1d54a499c4e98921d93bc40";
    private const int Root = 0;

    /// <summary>Null: it tells nothing that is kept.</summary>
    public static HostEvent? Read(LoggedEntry entry) => entry switch
    {
        { Pid: 1, Words.MessageId: UnitFailure } => Failed(entry.Words),
        { Program: "systemd-logind", Uid: Root, Words.MessageId: Shutdown } => new HostEvent(HostVerbs.ShutDown, "systemd", entry.Words.Text, LedgerVerbs.Details()),
        { Words.Identifier: "sshd" or "sshd-session", Uid: Root } when IsItself(entry) => LetIn(entry.Words.Text),
        { Words.Identifier: "login", Uid: Root } when IsItself(entry) => AtConsole(entry.Words.Text),
        { Words.Identifier: "sudo" } when IsItself(entry) => Sudo(entry),
        { Uid: Root, Words.Identifier: "nixos" } => Switched(entry.Words.Text),
        { Uid: Root, Words.Unit.Text: "nix-gc.service" } => Collected(entry.Words.Text),
        _ => null,
    };

    // journald reads the name of a program after its entry has come: of one that has ended by then it has none.
    private static bool IsItself(LoggedEntry entry) => entry.Program.Length == 0 || entry.Program == entry.Words.Identifier;

    // sudo writes as the user who called it, and any program of that user may call itself sudo: what counts is where it lies.
    private static HostEvent? Sudo(LoggedEntry entry) =>
        SudoLine.Read(entry.Words.Text) is not { } read ? null
        : entry.Uid == Root || SudoPath().IsMatch(entry.Executable) ? read
        : read with { Details = read.Details.SetItem("uncertain", Doubt(entry)) };

    private static string Doubt(LoggedEntry entry)
    {
        var user = entry.Uid?.ToString(CultureInfo.InvariantCulture) ?? "unknown";
        return entry.Executable.Length == 0
            ? $"The journal does not know which program wrote this, only that it ran as user {user}."
            : $"This was written by {entry.Executable}, which is not where sudo lies; it ran as user {user}.";
    }

    private static HostEvent? Failed(JournalWords words) => words.Unit is { } unit
        ? new HostEvent(HostVerbs.UnitFailed, unit.Text, words.Text, LedgerVerbs.Details(("unit", unit.Text)))
        : null;

    // sshd's auth.c: Accepted METHOD for USER from ADDRESS port PORT ssh2: TYPE FINGERPRINT
    private static HostEvent? LetIn(string text) => Accepted().Match(text) is { Success: true } match
        ? new HostEvent(HostVerbs.Login, match.Groups["user"].Value, $"Logged in over SSH by {match.Groups["method"].Value}.", LedgerVerbs.Details(("method", match.Groups["method"].Value), ("key", match.Groups["key"].Value)))
        {
            From = match.Groups["from"].Value,
        }
        : null;

    // util-linux, login.c: LOGIN ON tty1 BY user, ROOT LOGIN ON tty1
    private static HostEvent? AtConsole(string text) => LoginOn().Match(text) is { Success: true } match
        ? new HostEvent(HostVerbs.Login, match.Groups["user"] is { Success: true } user ? user.Value : "root", $"Logged in at {match.Groups["line"].Value}.", LedgerVerbs.Details(("method", "console")))
        : null;

    private static HostEvent? Switched(string text) => SwitchEnd().Match(text) is { Success: true } match && StorePath.TryParse(match.Groups["system"].Value, out var system)
        ? new HostEvent(
            match.Groups["status"].Success ? HostVerbs.SwitchFailed : HostVerbs.Switch,
            "switch-to-configuration",
            match.Groups["status"].Success ? $"Switching ended with status {match.Groups["status"].Value}." : "Switched, by the server's own record.",
            LedgerVerbs.Details(("system", system.Text), ("status", match.Groups["status"].Value)))
        : null;

    private static HostEvent? Collected(string text) => Deleted().IsMatch(text) ? new HostEvent(HostVerbs.GarbageCollected, "nix-gc.service", $"{text}.", LedgerVerbs.Details()) : null;

    [GeneratedRegex(@"^Accepted (?<method>[a-z/-]{1,60}) for (?<user>\S{1,64}) from (?<from>[0-9A-Fa-f.:%a-z]{1,64}) port \d{1,5} ssh2(: \S{1,40} (?<key>SHA256:[A-Za-z0-9+/]{43})\S*)?", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Accepted();

    [GeneratedRegex(@"^(ROOT LOGIN *|LOGIN )ON (?<line>\S{1,32})( BY (?<user>\S{1,64}))?", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex LoginOn();

    [GeneratedRegex(@"^(/nix/store/[a-z0-9]{32}-sudo-[^/]+|/run/wrappers|/usr/bin|/usr/lib)(/[^/]+)*/sudo\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex SudoPath();

    // That one begins has the same words as the failure, but for its end.
    [GeneratedRegex(@"^(finished switching to system configuration (?<system>\S+)|switching to system configuration (?<system>\S+) failed \(status (?<status>\d{1,3})\))$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex SwitchEnd();

    [GeneratedRegex(@"^\d{1,9} store paths deleted, [0-9.]{1,12} [KMGT]?i?B freed$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Deleted();
}
