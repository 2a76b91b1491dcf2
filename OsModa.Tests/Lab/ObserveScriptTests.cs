using OsModa.Core.Observation;
using OsModa.Core.Observation.Wire;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>The script itself: on every age of systemd and Nix, in both shells, and that nothing of it stays behind.</summary>
[Trait("Tier", "lab")]
public sealed class ObserveScriptTests
{
    private const string OurProcesses = "for p in /proc/[0-9]*; do tr '\\0' ' ' 2>/dev/null <$p/cmdline; echo; done | grep -E '^(busctl|journalctl|timeout 0|tail|grep)' || true";

    [Theory]
    [InlineData("bookworm", false)]
    [InlineData("bookworm", true)]
    [InlineData("trixie", false)]
    [InlineData("sid", true)]
    public async Task Every_line_is_understood(string @base, bool inBash)
    {
        await using var lab = await SshLab.OpenAsync();
        await using var machine = await LabServer.UpAsync("--base", @base);
        await using var shell = await lab.ShellAsync(machine);
        var script = ObserveScript.Whole;
        script = inBash ? script with { Text = $"bash <<'THE_END_OF_THE_SCRIPT'\n{script.Text}\nTHE_END_OF_THE_SCRIPT" } : script;
        var parser = new ProtocolParser(TimeProvider.System);
        var state = new ServerState { Server = ServerId.New() };
        var asked = false;

        await using var run = await shell.StartAsync(script, [], TestContext.Current.CancellationToken);
        await foreach (var line in run.ReadLinesAsync(TestContext.Current.CancellationToken))
        {
            var told = parser.Read(line.Span);
            Assert.IsNotType<ServerEvent.StreamTorn>(told);
            state = told is null ? state : state.Apply(told);
            if (state.Reach == Reach.Live && !asked)
            {
                asked = true;
                await machine.EnterAsync("systemd-run", "--unit=once", "sh", "-c", "exit 3");
            }

            if (state.Units.TryGetValue(UnitName.Parse("once.service"), out var unit) && unit is { Health: UnitHealth.Failed, ExitStatus: 3, Why: not null } && state.Load is not null)
            {
                break;
            }
        }

        Assert.Equal("", string.Join(", ", parser.Tally.BrokenBy));
        Assert.Equal(0, parser.Tally.Unknown);
        Assert.Equal([7, 6, 5, 4, 3, 2, 1], state.Generations.Select(g => g.Number));
        Assert.Equal(("nixos", true, (3, 3)), (state.Host!.OsId, state.Host.MayAct, state.Agents));
        Assert.NotEqual("", state.Host.NixVersion);
        Assert.Empty(state.Troubles);
    }

    [Fact]
    public async Task When_our_ssh_is_killed_nothing_of_ours_stays_on_the_server()
    {
        await using var lab = await SshLab.OpenAsync();
        await using var machine = await LabServer.UpAsync();
        var shell = await lab.ShellAsync(machine);
        var before = await machine.ShellAsync(OurProcesses);
        var run = await shell.StartAsync(ObserveScript.Whole, [], TestContext.Current.CancellationToken);
        await foreach (var line in run.ReadLinesAsync(TestContext.Current.CancellationToken))
        {
            if (line.Span.StartsWith("beat"u8))
            {
                break;
            }
        }

        Assert.Contains("busctl", await machine.ShellAsync(OurProcesses), StringComparison.Ordinal);

        await shell.DisposeAsync();

        var left = "";
        await Eventually.GotAsync(
            async () => (left = await machine.ShellAsync(OurProcesses)) == before ? left : null,
            (int)ObservedServer.Ceiling.TotalSeconds,
            () => Task.FromResult($"still there:\n{left}"));
    }

    [Fact]
    public async Task A_login_without_root_sees_the_units_by_polling_and_is_told_so()
    {
        await using var lab = await SshLab.OpenAsync();
        await using var machine = await LabServer.UpAsync("--user", "guest", "--no-sudo");
        await using var shell = await lab.ShellAsync(machine, "guest");
        var parser = new ProtocolParser(TimeProvider.System);
        var state = new ServerState { Server = ServerId.New() };

        await using var run = await shell.StartAsync(ObserveScript.Whole, [], TestContext.Current.CancellationToken);
        var asked = false;
        await foreach (var line in run.ReadLinesAsync(TestContext.Current.CancellationToken))
        {
            state = parser.Read(line.Span) is { } told ? state.Apply(told) : state;
            if (state.Reach == Reach.Live && !asked)
            {
                asked = true;
                await machine.EnterAsync("systemctl", "stop", "nginx");
            }

            if (state.Units.TryGetValue(UnitName.Parse("nginx.service"), out var unit) && unit.Health == UnitHealth.Resting)
            {
                break;
            }
        }

        Assert.False(state.Host!.MayAct);
        Assert.Equal(["no-journal", "no-bus"], state.Troubles.Select(trouble => trouble.Code));
        Assert.Equal(7, state.Generations.Length);
        Assert.Equal("", string.Join(", ", parser.Tally.BrokenBy));
    }

    [Fact]
    public async Task The_first_switch_since_a_start_is_followed_by_what_the_kernel_tells_not_by_asking()
    {
        await using var lab = await SshLab.OpenAsync();
        await using var machine = await LabServer.UpAsync();
        await using var shell = await lab.ShellAsync(machine);
        Assert.Equal("", await machine.ShellAsync("ls -A /run/osmoda 2>/dev/null || true"));

        await using var run = await shell.StartAsync(ObserveScript.Whole, [], TestContext.Current.CancellationToken);
        await foreach (var line in run.ReadLinesAsync(TestContext.Current.CancellationToken))
        {
            if (line.Span.StartsWith("beat"u8))
            {
                break;
            }
        }

        // A tail that asks has no such file open.
        Assert.Contains("inotify", await machine.ShellAsync("for p in /proc/[0-9]*; do case $(tr '\\0' ' ' 2>/dev/null <$p/cmdline) in 'tail '*/run/osmoda/*) ls -l $p/fd ;; esac; done"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_a_link_to_what_it_booted_tells_its_pins_no_more_often_than_any_other()
    {
        await using var lab = await SshLab.OpenAsync();
        await using var machine = await LabServer.UpAsync();
        await using var shell = await lab.ShellAsync(machine);
        await machine.ShellAsync("rm /run/booted-system");

        var (pins, beats) = (0, 0);
        await using var run = await shell.StartAsync(ObserveScript.Whole, [], TestContext.Current.CancellationToken);
        await foreach (var line in run.ReadLinesAsync(TestContext.Current.CancellationToken))
        {
            pins += line.Span.StartsWith("pins"u8) ? 1 : 0;
            beats += line.Span.StartsWith("beat"u8) ? 1 : 0;
            if (beats == 10)
            {
                break;
            }
        }

        Assert.InRange(pins, 1, 2);
    }
}
