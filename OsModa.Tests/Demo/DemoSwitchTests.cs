using System.Text;
using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;
using OsModa.Core.Ssh;
using OsModa.Demo.Life;
using Xunit;

namespace OsModa.Tests.Demo;

public sealed class DemoSwitchTests : IDisposable
{
    private readonly HandClock _clock = new();
    private readonly DemoFleet _fleet;

    public DemoSwitchTests() => _fleet = new DemoFleet(new DemoSettings(), _clock);

    [Fact]
    public async Task A_rollback_moves_the_pins_through_all_stages_and_is_verified()
    {
        var server = Outline("web4");
        var (generations, pins) = await LookAsync(server);
        var target = generations[^2];
        await using var observation = await ObserveAsync(server);

        var answer = await StartAsync(server, target, pins.Current, Guid.CreateVersion7());
        var heard = await Listening.HearAsync(observation, () => _clock.Advance(TimeSpan.FromSeconds(8)));

        Assert.Equal("started", answer);
        var states = Heard.States(heard).ToList();
        var progress = states[^1].Switch!;
        Assert.Equal(["preflight", "armed", "activate", "probation", "commit"], progress.Stages.Select(static s => s.Name));
        Assert.All(progress.Stages, static s => Assert.False(s.Failed));
        Assert.InRange(progress.Stages[2].Until!.Value - progress.Stages[2].From, TimeSpan.FromSeconds(0.4), TimeSpan.FromSeconds(3));
        Assert.Equal(SwitchVerdict.Verified, progress.Outcome!.Verdict);
        Assert.Equal(target.Number, progress.Outcome.ProfileGeneration);
        Assert.Contains(progress.Output, static l => l.StartsWith("activating the configuration", StringComparison.Ordinal));
        Assert.Equal((target.System, target.System, target.Number), (await LookAsync(server)).Pins);
        Assert.True(states[^1].LastChange is { What: ChangeKind.RolledBackTo, Ours: true });
        Assert.Equal(["0", "1", "0"], heard.Where(static l => l.StartsWith("lock", StringComparison.Ordinal)).Select(static l => l.Split('\t')[3]));
    }

    [Fact]
    public async Task Units_whose_files_differ_stop_and_come_back()
    {
        var server = Outline("web4");
        var (generations, pins) = await LookAsync(server);
        await using var observation = await ObserveAsync(server);

        await StartAsync(server, generations[0], pins.Current, Guid.CreateVersion7());
        var heard = await Listening.HearAsync(observation, () => _clock.Advance(TimeSpan.FromSeconds(8)));

        var nginx = heard.SkipWhile(static l => !l.Contains("\tsnapshot\t", StringComparison.Ordinal) || !l.StartsWith("end", StringComparison.Ordinal))
            .Where(static l => l.Contains("\tnginx.service\t", StringComparison.Ordinal) && l.StartsWith("unit", StringComparison.Ordinal)).Select(static l => l.Split('\t')[4]);
        Assert.Equal(["ActiveState=deactivating", "ActiveState=inactive", "ActiveState=activating", "ActiveState=active"], nginx);
    }

    [Fact]
    public async Task A_rollback_mends_what_a_configuration_broke()
    {
        var server = Outline("web3");
        var (generations, pins) = await LookAsync(server);
        await using var observation = await ObserveAsync(server);

        await StartAsync(server, generations[^2], pins.Current, Guid.CreateVersion7());
        var progress = Heard.State(await Listening.HearAsync(observation, () => _clock.Advance(TimeSpan.FromSeconds(8)))).Switch!;

        Assert.Contains(progress.Notes, static n => n is { Kind: "baseline", Text: "nginx.service" });
        Assert.Equal(SwitchVerdict.Verified, progress.Outcome!.Verdict);
    }

    [Fact]
    public async Task A_switch_to_a_system_whose_unit_cannot_start_is_undone_with_its_times()
    {
        var server = Outline("web3");
        var (generations, pins) = await LookAsync(server);
        await StartAsync(server, generations[^2], pins.Current, Guid.CreateVersion7());
        _clock.Advance(TimeSpan.FromSeconds(8));
        await using var observation = await ObserveAsync(server);

        await StartAsync(server, generations[^1], generations[^2].System, Guid.CreateVersion7());
        var progress = Heard.State(await Listening.HearAsync(observation, () => _clock.Advance(TimeSpan.FromSeconds(12)))).Switch!;

        Assert.Equal(SwitchVerdict.RolledBack, progress.Outcome!.Verdict);
        Assert.Equal(["back", "recheck"], progress.Stages.TakeLast(2).Select(static s => s.Name));
        Assert.InRange(RecoveryTimes.From(progress)!.Verified, TimeSpan.FromSeconds(0.3), TimeSpan.FromSeconds(4));
        Assert.Equal((generations[^2].System, generations[^2].System, generations[^2].Number), (await LookAsync(server)).Pins);
    }

    [Fact]
    public async Task On_probation_it_waits_for_a_confirmation_and_without_one_goes_back()
    {
        var server = Outline("web4");
        var (generations, pins) = await LookAsync(server);
        var (kept, left) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await StartAsync(server, generations[^2], pins.Current, kept, "probation\t2\nconfirm\t5\n");
        Assert.Equal("early", await WordAsync(server, "confirm.sh", kept));
        _clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal("confirmed", await WordAsync(server, "confirm.sh", kept));
        _clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(generations[^2].System, (await LookAsync(server)).Pins.NextBoot);

        await StartAsync(server, generations[^3], generations[^2].System, left, "probation\t2\nconfirm\t5\n");
        await using var observation = await ObserveAsync(server);
        var progress = Heard.State(await Listening.HearAsync(observation, () => _clock.Advance(TimeSpan.FromSeconds(14)))).Switch!;

        Assert.Equal((SwitchVerdict.RolledBack, "unconfirmed"), (progress.Outcome!.Verdict, progress.Trouble[0].Kind));
        Assert.Equal("late", await WordAsync(server, "confirm.sh", left));
    }

    [Fact]
    public async Task A_drill_is_built_deployed_and_undone()
    {
        var server = Outline("web4");
        var (_, pins) = await LookAsync(server);
        var id = Guid.CreateVersion7();
        var built = (await WordAsync(server, "drill.sh", id)).Split('\t');
        await using var observation = await ObserveAsync(server);

        await StartAsync(server, (0, built[1]), pins.Current, id, "probation\t10\nconfirm\t10\n");
        var progress = Heard.State(await Listening.HearAsync(observation, () => _clock.Advance(TimeSpan.FromSeconds(8)))).Switch!;

        Assert.Equal((SwitchVerdict.RolledBack, "osmoda-drill.service"), (progress.Outcome!.Verdict, progress.Trouble[0].Unit));
        Assert.Equal(pins, (await LookAsync(server)).Pins);
    }

    [Fact]
    public async Task The_same_operation_is_joined_and_another_one_is_told_who_is_busy()
    {
        var server = Outline("web4");
        var (generations, pins) = await LookAsync(server);
        var first = Guid.CreateVersion7();

        Assert.Equal("started", await StartAsync(server, generations[0], pins.Current, first));
        _clock.Advance(TimeSpan.FromMilliseconds(300));

        Assert.Equal("joined", await StartAsync(server, generations[0], pins.Current, first));
        Assert.Equal($"busy\t{first:D}\t", await StartAsync(server, generations[1], pins.Current, Guid.CreateVersion7()));
    }

    [Fact]
    public async Task A_switch_from_a_system_that_no_longer_runs_is_refused()
    {
        var server = Outline("web4");
        var (generations, _) = await LookAsync(server);

        Assert.StartsWith("refused\t", await StartAsync(server, generations[0], generations[1].System, Guid.CreateVersion7()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_connects_late_gets_the_whole_newest_operation()
    {
        var server = Outline("web4");
        var (generations, pins) = await LookAsync(server);
        await StartAsync(server, generations[0], pins.Current, Guid.CreateVersion7());
        _clock.Advance(TimeSpan.FromSeconds(8));

        var progress = Heard.State(await Listening.HearAsync(_fleet, server, _clock, TimeSpan.Zero)).Switch;

        Assert.Equal(5, progress!.Stages.Length);
        Assert.True(progress.Outcome!.Verified);
    }

    public void Dispose() => _fleet.Dispose();

    private ServerOutline Outline(string name) => _fleet.Outline.Single(o => o.Name == name);

    private Task<IRemoteRun> ObserveAsync(ServerOutline server) => _fleet.ShellOf(server).StartAsync(Listening.Observe, [], CancellationToken.None);

    private async Task<string> StartAsync(ServerOutline server, (int Number, string System) target, string expected, Guid id, string plan = "")
    {
        await using var run = await _fleet.ShellOf(server).StartAsync(
            RemoteScript.Embedded("start-switch.sh"),
            [id.ToString("D"), $"order\t2\nmode\tnow\ntarget\t{target.System}\t{target.Number}\nexpected\t{expected}\n{plan}", RemoteScript.Embedded("safeswitch.sh").Text],
            CancellationToken.None);
        var lines = new List<string>();
        await foreach (var line in run.ReadLinesAsync(CancellationToken.None))
        {
            lines.Add(Encoding.UTF8.GetString(line.Span));
        }

        Assert.Equal(0, await run.ExitStatus);
        return Assert.Single(lines);
    }

    private async Task<string> WordAsync(ServerOutline server, string script, Guid id)
    {
        await using var run = await _fleet.ShellOf(server).StartAsync(new RemoteScript(script, ""), [id.ToString("D")], CancellationToken.None);
        await foreach (var line in run.ReadLinesAsync(CancellationToken.None))
        {
            return Encoding.UTF8.GetString(line.Span);
        }

        return "";
    }

    private async Task<(List<(int Number, string System)> Generations, (string Current, string NextBoot, int Number) Pins)> LookAsync(ServerOutline server)
    {
        var heard = (await Listening.HearAsync(_fleet, server, _clock, TimeSpan.Zero)).Select(static l => l.Split('\t')).ToList();
        var pins = heard.Last(static f => f[0] == "pins");
        return ([.. heard.Where(static f => f[0] == "generation").Select(static f => (int.Parse(f[3]), f[4]))], (pins[3], pins[5], int.Parse(pins[6])));
    }
}
