using System.Text;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>One server for all tests of what runs over an open connection.</summary>
public sealed class RunServer : IAsyncLifetime
{
    internal SshLab Lab { get; private set; } = null!;

    internal LabServer Server { get; private set; } = null!;

    internal OpenSshShell Shell { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Lab = await SshLab.OpenAsync();
        Server = await LabServer.UpAsync();
        Shell = await Lab.ShellAsync(Server);
    }

    public async ValueTask DisposeAsync()
    {
        await Shell.DisposeAsync();
        await Server.DisposeAsync();
        await Lab.DisposeAsync();
    }
}

[Trait("Tier", "lab")]
public sealed class SshRunTests(RunServer fixture) : IClassFixture<RunServer>
{
    private OpenSshShell Shell => fixture.Shell;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_script_gets_its_arguments_as_they_are_and_its_exit_status_comes_back()
    {
        string[] nasty = ["", "'; rm -rf / #", "$(id)", "a\nb", "é世\U0001F600", "-n", "--", "\\'", "!!", new string('x', 100_000)];
        var script = new RemoteScript("echo.sh", "for a in \"$@\"; do printf '%s' \"$a\" | od -An -v -tx1 | tr -d ' \\n'; echo; done; exit 37");

        await using var run = await Shell.StartAsync(script, nasty, Cancelled);
        var echoed = await run.ReadAllAsync();

        Assert.Equal(nasty[..^1], echoed[..^1].Select(hex => Encoding.UTF8.GetString(Convert.FromHexString(hex))));
        // Twice its length in hexadecimal digits: more than a line may have.
        Assert.Equal(RemoteLimits.LineBytes, echoed[^1].Length);
        Assert.Equal(37, await run.ExitStatus);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(254)]
    [InlineData(255)]
    public async Task Each_exit_status_is_told_while_the_connection_stands(int status)
    {
        await using var run = await Shell.StartAsync(new RemoteScript("exit.sh", "exit $1"), [status.ToString()], Cancelled);

        Assert.Empty(await run.ReadAllAsync());
        Assert.Equal(status, await run.ExitStatus);
    }

    [Fact]
    public async Task A_script_has_no_standard_input_of_its_own() =>
        Assert.Equal(["0", "after"], await Shell.SayAsync("cat | wc -c; echo after"));

    [Fact]
    public async Task The_last_line_counts_without_a_line_feed() =>
        Assert.Equal(["one", "two"], await Shell.SayAsync("echo one; printf two"));

    [Fact]
    public async Task Complaints_do_not_hold_a_script_up() =>
        Assert.Equal(["done"], await Shell.SayAsync("head -c 600000 /dev/zero >&2; echo done"));

    [Fact]
    public async Task Endless_complaints_end_it()
    {
        await using var run = await Shell.StartAsync(new RemoteScript("complain.sh", "cat /dev/zero >&2"), [], Cancelled);

        var end = await Assert.ThrowsAsync<ConnectionException>(run.ReadAllAsync);

        Assert.Equal(ConnectionFaultKind.Misbehaving, end.Fault.Kind);
        Assert.Equal(["in"], await Shell.SayAsync("echo in"));
    }

    [Fact]
    public async Task A_flood_that_nobody_reads_takes_no_memory_and_holds_nobody_up()
    {
        await using var flood = await Shell.StartAsync(new RemoteScript("flood.sh", "yes 0123456789"), [], Cancelled);
        Assert.Equal("0123456789", await flood.ReadOneAsync());
        GC.Collect();
        var before = Environment.WorkingSet;

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(["in"], await Shell.SayAsync("echo in"));
        }

        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 50_000_000);
    }

    [Fact]
    public async Task A_line_without_end_takes_no_memory()
    {
        GC.Collect();
        var before = Environment.WorkingSet;

        var lines = await Shell.SayAsync("head -c 100000000 /dev/zero | tr '\\0' x; echo; echo next");

        Assert.Equal([RemoteLimits.LineBytes, 4], lines.Select(l => l.Length));
        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 50_000_000);
    }

    [Fact]
    public async Task Letting_go_of_a_quiet_script_ends_it_and_its_children_on_the_server()
    {
        var run = await Shell.StartAsync(new RemoteScript("quiet.sh", "sleep 31415 & echo here; wait"), [], Cancelled);
        Assert.Equal("here", await run.ReadOneAsync());
        Assert.NotEmpty((await fixture.Server.ShellAsync("pgrep -f 'sleep 31415'")).Trim());

        await run.DisposeAsync();

        await Eventually.TrueAsync(async () => (await fixture.Server.ShellAsync("pgrep -f '[s]leep 31415' || true")).Trim().Length == 0);
    }

    [Fact]
    public async Task What_a_script_hands_to_systemd_goes_on()
    {
        await using (var run = await Shell.StartAsync(new RemoteScript("detach.sh", "systemd-run --quiet --unit=t-detached sleep 27182; echo here; sleep 1000"), [], Cancelled))
        {
            Assert.Equal("here", await run.ReadOneAsync());
        }

        Assert.Equal(["active"], await Shell.SayAsync("systemctl is-active t-detached; systemctl stop t-detached"));
    }

    [Fact]
    public async Task Reading_can_be_given_up_and_taken_up_again()
    {
        await using var run = await Shell.StartAsync(new RemoteScript("slow.sh", "echo one; while [ ! -e /run/t-go ]; do sleep 0.05; done; echo two"), [], Cancelled);
        Assert.Equal("one", await run.ReadOneAsync());
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await run.ReadLinesAsync(soon.Token).GetAsyncEnumerator(soon.Token).MoveNextAsync());

        await fixture.Server.ShellAsync("touch /run/t-go");

        Assert.Equal(["two"], await run.ReadAllAsync());
    }

    [Fact]
    public async Task Chatter_of_the_login_shell_is_not_taken_for_output()
    {
        await using var server = await LabServer.UpAsync();
        await using var shell = await fixture.Lab.ShellAsync(server);
        await server.ShellAsync("printf 'echo welcome; printf half' > /root/.bashrc");

        Assert.Equal(["in"], await shell.SayAsync("echo in"));
    }

    [Fact]
    public async Task Commands_beyond_what_the_server_allows_wait_for_a_place_and_one_is_kept_for_what_needs_root()
    {
        var runs = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Shell.StartAsync(new RemoteScript("wait.sh", "sleep 1000"), [], Cancelled)));
        var ninth = Shell.SayAsync("echo in");
        Assert.False(ninth.IsCompleted);

        await using (var rooted = await Shell.StartAsync(new RemoteScript("act.sh", "id -u") { NeedsRoot = true }, [], Cancelled))
        {
            Assert.Equal(["0"], await rooted.ReadAllAsync());
        }

        Assert.False(ninth.IsCompleted);
        await runs[0].DisposeAsync();

        Assert.Equal(["in"], await ninth);
        await Task.WhenAll(runs.Select(r => r.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task A_new_connection_is_one_indeed()
    {
        var script = new RemoteScript("whence.sh", "echo $SSH_CONNECTION");
        var shared = await Shell.SayAsync(script.Text);
        Assert.Equal(shared, await Shell.SayAsync(script.Text));

        await using var run = await Shell.StartOnNewConnectionAsync(script, [], Cancelled);

        Assert.NotEqual(shared, await run.ReadAllAsync());
        Assert.Equal(0, await run.ExitStatus);
    }
}
