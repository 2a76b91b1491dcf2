using OsModa.Core.Ledger.Servers;
using OsModa.Core.Observation;
using Xunit;

namespace OsModa.Tests.Ledger.Servers;

public sealed class JournalEventsTests
{
    private const string System = "/nix/store/2mb8j6905w0abadvjhwcqidxgjhngwym-nixos-system-lab";
    private const string UnitFailure = "d9b373ed55a64feb8242e02dbe79a49c";

    [Theory]
    [InlineData("sshd", 0, "Accepted publickey for root from 10.0.0.7 port 40022 ssh2: ED25519 SHA256:7nNLZB21Mz4umDsecatPC9cT1AvrlFPNOjvlm4T7dKU", HostVerbs.Login, "root")]
    [InlineData("sshd-session", 0, "Accepted password for ann from fe80::1%eth0 port 1 ssh2", HostVerbs.Login, "ann")]
    [InlineData("login", 0, "ROOT LOGIN ON tty1", HostVerbs.Login, "root")]
    [InlineData("login", 0, "LOGIN ON tty2 BY ann", HostVerbs.Login, "ann")]
    [InlineData("sudo", 1000, "   ann : TTY=pts/0 ; PWD=/home/ann ; USER=root ; COMMAND=/bin/ls ; COMMAND=/bin/true", HostVerbs.Sudo, "ann")]
    [InlineData("sudo", 1000, "   ann : 3 incorrect password attempts ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/ls", HostVerbs.SudoRefused, "ann")]
    [InlineData("logger", 0, "finished switching to system configuration " + System, HostVerbs.Switch, "switch-to-configuration")]
    [InlineData("logger", 0, "switching to system configuration " + System + " failed (status 4)", HostVerbs.SwitchFailed, "switch-to-configuration")]
    public void What_programs_of_a_server_write_is_understood(string program, int uid, string text, string verb, string who)
    {
        var happened = JournalEvents.Read(Entry(program, uid, text));

        Assert.Equal((verb, who), (happened?.Verb, happened?.Who));
    }

    [Theory]
    [InlineData("logger", 0, "Accepted publickey for root from 10.0.0.7 port 40022 ssh2")]
    [InlineData("sshd", 1000, "Accepted publickey for root from 10.0.0.7 port 40022 ssh2")]
    [InlineData("sshd", 0, "Failed password for Accepted publickey for root from 10.0.0.7 port 1 ssh2")]
    [InlineData("logger", 1000, "finished switching to system configuration " + System)]
    [InlineData("logger", 0, "finished switching to system configuration /tmp/evil")]
    [InlineData("logger", 0, "switching to system configuration " + System)]
    [InlineData("sudo", 0, "pam_unix(sudo:session): session opened for user root(uid=0) by (uid=0)")]
    [InlineData("sudo", 0, "a b : PWD=/ ; USER=root ; COMMAND=x")]
    [InlineData("sudo", 0, "ann : PWD=/ ; USER=root")]
    [InlineData("systemd", 0, "")]
    public void Everything_else_tells_nothing(string program, int uid, string text) => Assert.Null(JournalEvents.Read(Entry(program, uid, text)));

    [Theory]
    [InlineData("sshd", 0, "Accepted password for ann from 10.0.0.7 port 1 ssh2", HostVerbs.Login, false)]
    [InlineData("sudo", 0, "root : PWD=/ ; USER=nobody ; COMMAND=/bin/true", HostVerbs.Sudo, false)]
    [InlineData("sudo", 1000, "ann : PWD=/ ; USER=root ; COMMAND=/bin/true", HostVerbs.Sudo, true)]
    [InlineData("sshd", 1000, "Accepted password for ann from 10.0.0.7 port 1 ssh2", null, false)]
    public void A_program_that_ended_before_the_journal_knew_its_name_is_told_and_whether_it_is_certain(string identifier, int uid, string text, string? verb, bool isUncertain)
    {
        var entry = new LoggedEntry(default, Guid.NewGuid(), "", uid, 77, new JournalWords(null, "", null, 6, identifier, text));

        var happened = JournalEvents.Read(entry);

        Assert.Equal((verb, isUncertain), (happened?.Verb, happened?.Details.ContainsKey("uncertain") ?? false));
    }

    [Theory]
    [InlineData("/nix/store/2mb8j6905w0abadvjhwcqidxgjhngwym-sudo-1.9.17p2/bin/sudo", 1000, false)]
    [InlineData("/run/wrappers/bin/sudo", 1000, false)]
    [InlineData("/run/wrappers/wrappers.Ab3/sudo", 1000, false)]
    [InlineData("/usr/bin/sudo", 1000, false)]
    [InlineData("/usr/lib/cargo/bin/sudo", 1000, false)]
    [InlineData("/tmp/sudo", 1000, true)]
    [InlineData("/home/ann/usr/bin/sudo", 1000, true)]
    [InlineData("/nix/store/2mb8j6905w0abadvjhwcqidxgjhngwym-util-linux-2.41/bin/sudo", 1000, true)]
    [InlineData("/usr/bin/sudo (deleted)", 1000, true)]
    [InlineData("/usr/bin/logger", 1000, true)]
    [InlineData("", 1000, true)]
    [InlineData("/tmp/sudo", 0, false)]
    public void A_program_that_calls_itself_sudo_is_believed_where_sudo_lies(string executable, int uid, bool isUncertain)
    {
        var happened = JournalEvents.Read(Entry("sudo", uid, "ben : PWD=/ ; USER=root ; COMMAND=/bin/true") with { Executable = executable });

        Assert.Equal(HostVerbs.Sudo, happened?.Verb);
        Assert.Equal(isUncertain, happened!.Details.TryGetValue("uncertain", out var doubt));
        Assert.True(!isUncertain || doubt!.Contains("user 1000", StringComparison.Ordinal), doubt);
    }

    [Fact]
    public void A_command_of_sudo_is_taken_whole_whatever_stands_in_it() => Assert.Equal(
        "/bin/sh -c a ; USER=nobody ; COMMAND=b",
        JournalEvents.Read(Entry("sudo", 0, "ann : PWD=/ ; USER=root ; COMMAND=/bin/sh -c a ; USER=nobody ; COMMAND=b"))!.Details["command"]);

    [Fact]
    public void Only_systemd_itself_may_say_that_a_unit_failed()
    {
        var words = new JournalWords(null, UnitFailure, UnitName.Parse("nginx.service"), 4, "systemd", "nginx.service: Failed with result 'exit-code'.");
        var entry = LoggedEntry.Mark(default, Guid.NewGuid()) with { Program = "systemd", Uid = 0, Words = words };

        Assert.Equal(HostVerbs.UnitFailed, JournalEvents.Read(entry with { Pid = 1 })!.Verb);
        Assert.Null(JournalEvents.Read(entry with { Pid = 99 }));
    }

    private static LoggedEntry Entry(string program, int uid, string text) =>
        new(default, Guid.NewGuid(), program, uid, 77, new JournalWords(null, "", null, 6, program == "logger" ? "nixos" : program, text));
}
