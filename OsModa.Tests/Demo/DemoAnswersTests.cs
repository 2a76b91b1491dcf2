using System.Text;
using OsModa.Core.Nix;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Demo.Life;
using Xunit;

namespace OsModa.Tests.Demo;

public sealed class DemoAnswersTests : IDisposable
{
    private readonly HandClock _clock = new();
    private readonly DemoFleet _fleet;

    public DemoAnswersTests() => _fleet = new DemoFleet(new DemoSettings(), _clock);

    [Fact]
    public async Task Closures_are_read_with_sizes_and_what_is_exclusive_to_each()
    {
        var server = Outline("web1");
        var systems = (await Listening.HearAsync(_fleet, server, _clock, TimeSpan.Zero)).Where(static l => l.StartsWith("generation", StringComparison.Ordinal)).Select(static l => StorePath.Parse(l.Split('\t')[4])).ToList();

        var sizes = await ClosureReader.MeasureAsync(_fleet.ShellOf(server), systems, CancellationToken.None);

        Assert.Equal(systems.Count, sizes.Count);
        Assert.All(sizes.Values, static s => Assert.InRange(s.Bytes, 1_500_000_000, 6_000_000_000));
        Assert.All(sizes.Values, static s => Assert.InRange(s.ExclusiveBytes, 1, s.Bytes / 2));
        Assert.All(sizes.Values, static s => Assert.InRange(s.Paths, 120, 2000));
    }

    [Fact]
    public async Task A_probe_finds_nixos_and_a_login_that_may_act()
    {
        await using var run = await _fleet.ShellOf(Outline("web1")).StartAsync(RemoteScript.Embedded("probe.sh"), [], CancellationToken.None);

        var result = await ProbeResult.ReadAsync(run, CancellationToken.None);

        Assert.True(result is { IsNixos: true, MayAct: true });
        Assert.StartsWith("nix (Nix) 2.", result.NixVersion, StringComparison.Ordinal);
        Assert.StartsWith("systemd 2", result.SystemdVersion, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_server_lets_the_dashboard_in_to_look_and_not_to_act()
    {
        var visited = Assert.Single(_fleet.Outline, static o => o.Login != LoginName.Root.Text);
        await using var run = await _fleet.ShellOf(visited).StartAsync(RemoteScript.Embedded("probe.sh"), [], CancellationToken.None);

        var result = await ProbeResult.ReadAsync(run, CancellationToken.None);
        var state = Heard.State(await Listening.HearAsync(_fleet, visited, _clock, TimeSpan.Zero));

        Assert.Equal(("lab1", "visitor"), (visited.Name, DemoSeed.Row(visited, Guid.NewGuid(), _clock.GetUtcNow()).Login));
        Assert.True(result is { IsNixos: true, IsRoot: false, SudoWorks: false, MayAct: false });
        Assert.True(state is { Host.MayAct: false, Generations.Length: > 1, Units.Count: > 40 });
    }

    [Fact]
    public async Task A_script_that_no_simulated_server_knows_ends_as_the_shell_would()
    {
        await using var run = await _fleet.ShellOf(Outline("web1")).StartAsync(new RemoteScript("other.sh", ""), [], CancellationToken.None);

        Assert.Equal(127, await run.ExitStatus);
    }

    [Fact]
    public async Task Whoever_accepts_the_new_host_key_gets_in_again()
    {
        var outline = Outline("edge-sa");
        var before = DemoSeed.Row(outline, Guid.NewGuid(), _clock.GetUtcNow());
        await Listening.HearAsync(_fleet, outline, _clock, TimeSpan.FromSeconds(10));
        var changed = await Assert.ThrowsAsync<ConnectionException>(() => _fleet.Shell(before).StartAsync(Listening.Observe, [], CancellationToken.None));
        var shown = _fleet.HostKey(outline.Id);
        Assert.Equal([shown.Fingerprint], changed.Fault.Offered);
        Assert.Equal(outline.Id, changed.Fault.KeyOf);

        before.HostKeys.Clear();
        before.HostKeys.Add(new PinnedHostKey { Type = shown.Type, Key = shown.Key, Fingerprint = shown.Fingerprint, AcceptedAt = _clock.GetUtcNow(), AcceptedBy = "Mara" });
        await using var run = await _fleet.Shell(before).StartAsync(Listening.Observe, [], CancellationToken.None);

        Assert.NotEmpty(await Listening.HearAsync(run, static () => { }));
    }

    [Fact]
    public async Task A_preview_names_what_would_stop_and_start_and_changes_nothing()
    {
        var server = Outline("web4");
        var before = await Listening.HearAsync(_fleet, server, _clock, TimeSpan.Zero);
        var oldest = before.First(static l => l.StartsWith("generation", StringComparison.Ordinal)).Split('\t');

        var lines = await TellAsync(server, "preview.sh", oldest[4], oldest[3]);

        Assert.Contains(lines, static l => l.StartsWith("would\twould stop the following units: ", StringComparison.Ordinal) && l.Contains("nginx.service", StringComparison.Ordinal));
        Assert.Contains(lines, static l => l.StartsWith("would\twould start the following units: ", StringComparison.Ordinal) && l.Contains("nginx.service", StringComparison.Ordinal));
        Assert.Contains("reboot\tkernel", lines);
        Assert.Equal("end\t0", lines[^1]);
        Assert.Equal(before[4..], (await Listening.HearAsync(_fleet, server, _clock, TimeSpan.Zero))[4..]);
    }

    [Fact]
    public async Task A_preview_of_a_collected_generation_says_that_its_files_are_gone()
    {
        var lines = await TellAsync(Outline("web4"), "preview.sh", "/nix/store/0123456789abcdfghijklmnpqrsvwxyz-nixos-system-web4-26.05", "3");

        Assert.Contains(lines, static l => l.StartsWith("check\tvalid\tfailed\t", StringComparison.Ordinal));
        Assert.Equal("end\t-", lines[^1]);
    }

    [Fact]
    public async Task A_unit_has_a_past_in_its_journal_and_goes_on_writing()
    {
        await using var run = await _fleet.ShellOf(Outline("web1")).StartAsync(new RemoteScript("journal.sh", ""), ["nginx.service", "50"], CancellationToken.None);

        var past = await Listening.HearAsync(run, static () => { });
        await using var again = await _fleet.ShellOf(Outline("web1")).StartAsync(new RemoteScript("journal.sh", ""), ["nginx.service", "50"], CancellationToken.None);
        var withMore = await Listening.HearAsync(again, () => _clock.Advance(TimeSpan.FromMinutes(1)));

        Assert.Equal(50, past.Count);
        Assert.Equal(past, withMore[..50]);
        var more = withMore[50..].Where(static l => l.Length > 0).ToList();
        Assert.InRange(more.Count, 10, 20);
        Assert.Equal(12, withMore.Count - 50 - more.Count);
        Assert.All(past.Concat(more), static l => Assert.True(OsModa.Core.Observation.Wire.JournalObject.TryRead(Encoding.UTF8.GetBytes(l), 4000, out var entry) && entry.At is not null && entry.Message.Length > 0));
    }

    [Fact]
    public async Task A_service_that_does_not_run_says_nothing_more()
    {
        await using var run = await _fleet.ShellOf(Outline("web3")).StartAsync(new RemoteScript("journal.sh", ""), ["nginx.service", "20"], CancellationToken.None);

        var lines = (await Listening.HearAsync(run, () => _clock.Advance(TimeSpan.FromMinutes(1)))).Where(static l => l.Length > 0).ToList();

        Assert.Contains("Failed with result", lines[^1], StringComparison.Ordinal);
        Assert.Contains(lines, static l => l.Contains("host not found", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_operation_that_was_fenced_never_begins()
    {
        var server = Outline("web4");
        var id = Guid.CreateVersion7().ToString("D");
        var heard = await Listening.HearAsync(_fleet, server, _clock, TimeSpan.Zero);
        var current = heard.Single(static l => l.StartsWith("pins", StringComparison.Ordinal)).Split('\t')[3];
        var target = heard.First(static l => l.StartsWith("generation", StringComparison.Ordinal)).Split('\t');

        Assert.Contains("never", await TellAsync(server, "operation.sh", id, "fence"));
        Assert.Equal(["joined"], await TellAsync(server, "start-switch.sh", id, $"order\t2\nmode\tnow\ntarget\t{target[4]}\t{target[3]}\nexpected\t{current}\n", ""));
        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(current, (await Listening.HearAsync(_fleet, server, _clock, TimeSpan.Zero)).Single(static l => l.StartsWith("pins", StringComparison.Ordinal)).Split('\t')[3]);
    }

    public void Dispose() => _fleet.Dispose();

    private ServerOutline Outline(string name) => _fleet.Outline.Single(o => o.Name == name);

    private async Task<List<string>> TellAsync(ServerOutline server, string script, params string[] arguments)
    {
        await using var run = await _fleet.ShellOf(server).StartAsync(new RemoteScript(script, ""), arguments, CancellationToken.None);
        var lines = new List<string>();
        await foreach (var line in run.ReadLinesAsync(CancellationToken.None))
        {
            lines.Add(Encoding.UTF8.GetString(line.Span));
        }

        return lines;
    }
}
