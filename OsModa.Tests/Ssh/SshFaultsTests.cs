using OsModa.Core.Ssh;
using Xunit;
using static OsModa.Core.Ssh.ConnectionFaultKind;

namespace OsModa.Tests.Ssh;

/// <summary>Every text here was written by OpenSSH 9.2 or sudo 1.9 against a server of the lab.</summary>
public sealed class SshFaultsTests
{
    private static readonly SshRoute Direct = TestRoutes.Of(("10.77.0.6", "root"));
    private static readonly SshRoute Jump = TestRoutes.Of(("10.77.0.6", "nobody"), ("10.77.0.7", "root"));

    private const string Changed = """
        @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
        @    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @
        @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
        IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!
        Someone could be eavesdropping on you right now (man-in-the-middle attack)!
        It is also possible that a host key has just been changed.
        The fingerprint for the ED25519 key sent by the remote host is
        SHA256:WgxbiayW1IJEoX2MS8oSXqfD6u/506h/IygHzsPcPDg.
        Please contact your system administrator.
        Add correct host key in /tmp/smp/changed.kh to get rid of this message.
        Offending ED25519 key in /tmp/smp/changed.kh:1
          remove with:
          ssh-keygen -f "/tmp/smp/changed.kh" -R "0198c0de-0000-7000-8000-00000000000a"
        Host key for 0198c0de-0000-7000-8000-00000000000a has changed and you have requested strict checking.
        Host key verification failed.
        """;

    private const string Behind = "stdio forwarding failed\nkex_exchange_identification: Connection closed by remote host\nConnection closed by UNKNOWN port 65535\n";

    [Theory]
    [InlineData("ssh: connect to host 10.77.0.6 port 23: Connection refused\n", Refused)]
    [InlineData("ssh: connect to host 10.77.254.78 port 22: No route to host\n", Unreachable)]
    [InlineData("ssh: connect to host 2001:db8::1 port 22: Network is unreachable\n", Unreachable)]
    [InlineData("ssh: connect to host 10.77.0.6 port 22: Connection timed out\r\n", TimedOut)]
    [InlineData("Connection timed out during banner exchange\nConnection to 127.0.0.1 port 2402 timed out\n", TimedOut)]
    [InlineData(Changed, HostKeyChanged)]
    [InlineData("No RSA host key is known for 0198c0de-0000-7000-8000-00000000000a and you have requested strict checking.\r\nHost key verification failed.\r\n", HostKeyChanged)]
    [InlineData("root@10.77.0.6: Permission denied (publickey).\r\n", PermissionDenied)]
    [InlineData("root@10.77.0.6: Permission denied (publickey,keyboard-interactive).\r\n", PermissionDenied)]
    [InlineData("Received disconnect from 10.77.0.6 port 22:2: Too many authentication failures\r\nDisconnected from 10.77.0.6 port 22\r\n", PermissionDenied)]
    [InlineData("Unable to negotiate with 10.77.0.6 port 22: no matching key exchange method found. Their offer: curve25519-sha256\n", Misbehaving)]
    [InlineData("Protocol major versions differ: 2 vs. 1\nbanner exchange: Connection to 127.0.0.1 port 2401: could not read protocol version\n", Misbehaving)]
    [InlineData("padding error: need 66047 block 8 mod 7\r\nssh_dispatch_run_fatal: Connection to 127.0.0.1 port 2507: message authentication code incorrect\r\n", Misbehaving)]
    [InlineData("kex_exchange_identification: No SSH version received in first 1024 lines from server\nbanner exchange: Connection to 127.0.0.1 port 2508: invalid format\n", Misbehaving)]
    [InlineData("kex_exchange_identification: banner line contains invalid characters\nbanner exchange: Connection to 127.0.0.1 port 2509: invalid format\n", Misbehaving)]
    [InlineData("kex_exchange_identification: Connection closed by remote host\nConnection closed by 127.0.0.1 port 2504\n", Refused)]
    [InlineData("kex_exchange_identification: read: Connection reset by peer\nConnection reset by 127.0.0.1 port 2405\n", Refused)]
    [InlineData("Connection closed by 10.77.0.6 port 22\n", Refused)]
    [InlineData("No user exists for uid 4711\n", Ours)]
    [InlineData("unix_listener: cannot bind to path /run/x/m1.qwertz: No such file or directory\n", Ours)]
    [InlineData("", Unreachable)]
    [InlineData("something never seen before\n", Unreachable)]
    public void What_ssh_says_is_called_by_its_name(string errors, ConnectionFaultKind kind)
    {
        var fault = SshFaults.Connecting(errors, Direct);

        Assert.Equal(kind, fault.Kind);
        // One or more whole sentences, and nothing of ssh's own raw form.
        Assert.Matches(@"\A[A-Z0-9].*\.\z", fault.Detail);
        Assert.DoesNotContain("kex_", fault.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ssh: connect to host 10.77.0.6 port 23: Connection refused\nkex_exchange_identification: Connection closed by remote host\nConnection closed by UNKNOWN port 65535\n", Refused, "The jump host 10.77.0.6 answers")]
    [InlineData("ssh: connect to host 10.77.254.78 port 22: No route to host\nkex_exchange_identification: Connection closed by remote host\n", Unreachable, "There is no way to the jump host 10.77.0.6")]
    [InlineData("channel 0: open failed: connect failed: Connection refused\n" + Behind, Refused, "10.77.0.7 answers")]
    [InlineData("channel 0: open failed: connect failed: No route to host\n" + Behind, Unreachable, "There is no way to 10.77.0.7")]
    [InlineData("channel 0: open failed: connect failed: Temporary failure in name resolution\n" + Behind, NameUnknown, "The name 10.77.0.7 is not known to the jump host")]
    [InlineData("channel 0: open failed: administratively prohibited: open failed\n" + Behind, Unreachable, "The jump host does not pass connections on to 10.77.0.7")]
    [InlineData("nobody@10.77.0.6: Permission denied (publickey).\nkex_exchange_identification: Connection closed by remote host\nConnection closed by UNKNOWN port 65535\n", PermissionDenied, "The jump host 10.77.0.6 does not let the login 'nobody' in")]
    [InlineData("root@10.77.0.7: Permission denied (publickey).\n", PermissionDenied, "10.77.0.7 does not let the login 'root' in")]
    [InlineData(Changed + "\nkex_exchange_identification: Connection closed by remote host\nConnection closed by UNKNOWN port 65535\n", HostKeyChanged, "The jump host 10.77.0.6 now shows")]
    public void With_a_jump_host_it_says_whose_trouble_it_is(string errors, ConnectionFaultKind kind, string begins)
    {
        var fault = SshFaults.Connecting(errors, Jump);

        Assert.Equal(kind, fault.Kind);
        Assert.StartsWith(begins, fault.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kex_exchange_identification: Connection closed by remote host\nConnection closed by 10.77.0.6 port 22\n")]
    [InlineData("kex_exchange_identification: read: Connection reset by peer\nConnection reset by 10.77.0.6 port 22\n")]
    public void A_server_that_hangs_up_at_once_is_told_with_all_that_makes_it_do_so(string errors) =>
        // ssh writes down a server's "Not allowed at this time" only when it debugs, so the limits cannot be told apart.
        Assert.Equal("10.77.0.6 ended the connection before it let 'root' in. A firewall, fail2ban, or the limits PerSourcePenalties (OpenSSH 9.8) and MaxStartups of its sshd may do that.", SshFaults.Connecting(errors, Direct).Detail);

    [Fact]
    public void A_changed_key_names_the_server_it_is_of()
    {
        Assert.Equal(Jump.First.Id, SshFaults.Connecting(Changed, Jump).KeyOf);
        Assert.Equal(Jump.Server.Id, SshFaults.Connecting(Changed.Replace("00000a", "00000b", StringComparison.Ordinal), Jump).KeyOf);
    }

    [Theory]
    [InlineData("No RSA host key is known for 0198c0de-0000-7000-8000-00000000000a and you have requested strict checking.\r\nHost key verification failed.\r\n", true)]
    [InlineData(Changed, false)]
    [InlineData("No RSA host key is known for 0198c0de-0000-7000-8000-00000000000a and you have requested strict checking.\n" + Changed, false)]
    [InlineData("No RSA host key is known for web1 and you have requested strict checking.\nHost key verification failed.\n", false)]
    public void A_key_that_was_not_found_is_told_from_one_that_is_another(string errors, bool notFound) =>
        Assert.Equal(notFound, SshFaults.Connecting(errors, Direct).KeyNotFound);

    [Theory]
    // A greeting that a server shows before it lets anybody in, and a reason it gives for hanging up.
    [InlineData("This is a private system. Permission denied (publickey) to all others. Sessions are timed out. Host key verification failed\n")]
    [InlineData("Received disconnect from 10.77.0.6 port 22:11: Host key verification failed.\n")]
    [InlineData("Received disconnect from 10.77.0.6 port 22:11: root@10.77.0.6: Permission denied (publickey).\n")]
    public void Words_of_the_server_are_not_taken_for_ours(string errors) =>
        Assert.DoesNotContain(SshFaults.Connecting(errors, Direct).Kind, new[] { HostKeyChanged, PermissionDenied, TimedOut });

    [Fact]
    public void Text_of_the_server_is_made_harmless()
    {
        var detail = SshFaults.Connecting("\u001b]8;;javascript:alert(1)\u0007\u202e<b>x</b>" + new string('y', 1000) + "\n", Direct).Detail;

        Assert.DoesNotContain(detail, c => char.IsControl(c) || c == '\u202e');
        Assert.InRange(detail.Length, 50, 300);
    }

    [Theory]
    [InlineData("WARNING: Your password has expired.\nPassword change required but no TTY available.\n", 1, false, PasswordExpired)]
    [InlineData("sudo: a password is required\n", 1, true, NoSudo)]
    [InlineData("sudo: Account or password is expired, reset your password and try again\n", 1, true, PasswordExpired)]
    [InlineData("deploy is not in the sudoers file.  This incident will be reported.\n", 1, true, NoSudo)]
    [InlineData("Sorry, user deploy is not allowed to execute '/bin/sh' as root on web1.\n", 1, true, NoSudo)]
    [InlineData("/bin/sh: 1: exec: sudo: not found\n", 127, true, NoSudo)]
    [InlineData("This account is currently not available.\n", 1, false, PermissionDenied)]
    [InlineData("mux_client_request_session: session request failed: Session open refused by peer\n", 255, false, Refused)]
    [InlineData("", 4, false, Misbehaving)]
    [InlineData("hello\n", 4, false, Misbehaving)]
    public void A_command_that_did_not_begin_is_called_by_its_name(string errors, int status, bool sudo, ConnectionFaultKind kind) =>
        Assert.Equal(kind, SshFaults.Starting(errors, status, Direct, sudo ? Privilege.Sudo : Privilege.Login).Kind);

    [Theory]
    [InlineData("Timeout, server 10.77.0.6 not responding.\r\n", "10.77.0.6 has stopped answering")]
    [InlineData("Connection to 10.77.0.6 closed by remote host.\r\n", "10.77.0.6 closed the connection")]
    [InlineData("client_loop: send disconnect: Broken pipe\r\n", "The connection to 10.77.0.6 ended: client_loop: send disconnect: Broken pipe.")]
    [InlineData("", "The connection to 10.77.0.6 ended.")]
    public void The_end_of_a_connection_is_told(string errors, string begins)
    {
        var fault = SshFaults.Lost(Direct, errors);

        Assert.Equal(Lost, fault.Kind);
        Assert.StartsWith(begins, fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_that_has_expired_is_named_also_when_the_connection_is_closed_before_a_script_is_refused()
    {
        var fault = SshFaults.Lost(Direct, "You are required to change your password immediately (administrator enforced).\n");

        Assert.Equal(PasswordExpired, fault.Kind);
        Assert.Contains("chage -d -1 ", fault.Detail, StringComparison.Ordinal);
    }
}
