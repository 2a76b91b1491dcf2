using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.SafeSwitch;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>A server of the lab that is given orders over SSH, as the dashboard gives them, and whose journals are read at its console, network or not.</summary>
public sealed class SafeSwitchLab : IAsyncLifetime
{
    private const string Folder = "/var/lib/osmoda/operations";
    private SshLab _ssh = null!;
    private OpenSshShell _shell = null!;

    /// <summary>A short probation, so that a test of the good end does not take long.</summary>
    internal static SwitchPlan Plan { get; } = new() { Probation = TimeSpan.FromSeconds(4) };

    internal LabServer Machine { get; private set; } = null!;

    internal static int Healthy => OperationLab.Generation("healthy");

    public async ValueTask InitializeAsync()
    {
        Machine = await LabServer.UpAsync("--store", "troubles");
        _ssh = await SshLab.OpenAsync();
        _shell = await _ssh.ShellAsync(Machine);
    }

    public async ValueTask DisposeAsync()
    {
        if (_shell is not null)
        {
            await _shell.DisposeAsync();
            await _ssh.DisposeAsync();
        }

        if (Machine is not null)
        {
            await Machine.DisposeAsync();
        }
    }

    /// <summary>The healthy generation runs and is the default at next boot.</summary>
    internal async Task StartAfreshAsync()
    {
        await Machine.PlugInAsync();
        // Whoever switched last may not have let go of the lock yet.
        for (var turn = 0; turn < 50 && !await IsAfreshAsync(); turn++)
        {
            await Machine.SwitchAsync(Healthy, mayFail: true);
        }

        Assert.True(await IsAfreshAsync(), "The server does not go back to the healthy generation.");
    }

    private async Task<bool> IsAfreshAsync() =>
        await Machine.GenerationAsync("/run/current-system") == Healthy && await Machine.GenerationAsync("/nix/var/nix/profiles/system") == Healthy;

    /// <summary>Gives the order to switch to a generation.</summary>
    internal async Task<Guid> StartAsync(string idea, SwitchPlan? plan = null, SwitchMode mode = SwitchMode.Now)
    {
        var order = await OrderAsync(await SystemAsync($"/nix/var/nix/profiles/system-{OperationLab.Generation(idea)}-link"), OperationLab.Generation(idea), plan ?? Plan, mode);
        var answer = await TellAsync(order);
        Assert.True(answer is StartAnswer.Started, $"{answer}");
        return order.Operation;
    }

    internal async Task<SwitchOrder> OrderAsync(StorePath target, int generation, SwitchPlan plan, SwitchMode mode = SwitchMode.Now) =>
        new(Guid.CreateVersion7(), mode, target, generation, await SystemAsync("/run/current-system"), plan);

    internal Task<StartAnswer> TellAsync(SwitchOrder order) =>
        SwitchStart.RunAsync((_, _) => ValueTask.FromResult<IRemoteShell>(_shell), ServerId.New(), order, TestContext.Current.CancellationToken);

    internal async Task<StorePath> SystemAsync(string link) => StorePath.Parse((await Machine.EnterAsync("readlink", "-f", link)).Trim());

    /// <summary>Gives the order and waits for its end.</summary>
    internal async Task<SwitchProgress> RunAsync(string idea, SwitchPlan? plan = null, SwitchMode mode = SwitchMode.Now) => await EndedAsync(await StartAsync(idea, plan, mode));

    internal Task<SwitchProgress> EndedAsync(Guid operation) => UntilAsync(operation, p => p.Outcome is not null);

    /// <summary>Waits until a stage has begun.</summary>
    internal Task<SwitchProgress> StageAsync(Guid operation, string name) => UntilAsync(operation, p => p.Stages.Any(s => s.Name == name));

    /// <summary>Null when it has not begun.</summary>
    internal async Task<SwitchProgress?> ReadAsync(Guid operation) =>
        (await Machine.OnDiskAsync($"{Folder}/{operation:D}/journal")).Split('\n').Aggregate((SwitchProgress?)null, (progress, line) => SwitchJournal.Apply(progress, operation, line));

    internal Task<SwitchProgress> UntilAsync(Guid operation, Func<SwitchProgress, bool> wanted) => Eventually.GotAsync(
        async () => await ReadAsync(operation) is { } progress && wanted(progress) ? progress : null,
        seconds: 240,
        () => Machine.ShellAsync($"cat {Folder}/{operation:D}/journal"));

    /// <summary>What the history and the page say of it, when the dashboard asks the server how it ended.</summary>
    internal async Task<Judgement> JudgedAsync(Guid operation, SwitchProgress progress)
    {
        var row = new Operation
        {
            Id = operation, OrganisationId = Guid.Empty, ServerId = ServerId.New(), Kind = OperationKind.Deploy, TargetGeneration = progress.Generation ?? 0, TargetSystem = progress.Target!.Value.Text,
            FromGeneration = Healthy, FromSystem = progress.From?.Text, Reason = "", AuthorId = Guid.Empty, AuthorName = "", StartedAt = DateTimeOffset.UnixEpoch,
        };
        // Who looks after it runs while it is being deactivated: it is not over before.
        await Machine.ShellAsync("until [ \"$(systemctl show --property=ActiveState --value nixos-rebuild-switch-to-configuration)\" = inactive ]; do sleep 0.02; done");
        var truth = await ServerTruth.ReadAsync(_shell, operation, fence: true, TestContext.Current.CancellationToken);
        return OperationJudge.ByServer(row, truth) ?? throw new InvalidOperationException("The server does not say how it ended.");
    }

    /// <summary>One of the words that confirm.sh and stop.sh answer with.</summary>
    internal async Task<string> SayAsync(RemoteScript script, params string[] arguments)
    {
        await using var run = await _shell.StartAsync(script, arguments, TestContext.Current.CancellationToken);
        await foreach (var line in run.ReadLinesAsync(TestContext.Current.CancellationToken))
        {
            return System.Text.Encoding.UTF8.GetString(line.Span);
        }

        return "";
    }

    /// <summary>After a boot: the old generation was booted and runs.</summary>
    internal async Task AssertBootedHealthyAsync()
    {
        Assert.Equal(Healthy, await Machine.GenerationAsync("/run/booted-system"));
        await Machine.ShellAsync("rm -f /nix/var/nix/gcroots/osmoda/*");
        await AssertHealthyAsync();
    }

    /// <summary>The old generation runs wholly: system, default at next boot, boot menu, agents; and nothing of ours is left behind.</summary>
    internal async Task AssertHealthyAsync()
    {
        Assert.Equal((Healthy, Healthy), (await Machine.GenerationAsync("/run/current-system"), await Machine.GenerationAsync("/nix/var/nix/profiles/system")));
        Assert.Contains($"default nixos-generation-{Healthy}.conf", await Machine.ShellAsync("cat /boot/loader/loader.conf"), StringComparison.Ordinal);
        Assert.Contains("\"version\":\"0.5.1\"", await Machine.ShellAsync("curl -s --retry 20 --retry-all-errors --retry-delay 1 --unix-socket /run/agents/scout.sock http://agent/health"), StringComparison.Ordinal);
        Assert.Empty(await Machine.ShellAsync("for turn in $(seq 100); do [ -n \"$(ls /nix/var/nix/gcroots/osmoda; systemctl list-timers --no-legend 'osmoda-guard-*')\" ] || break; sleep 0.1; done; ls /nix/var/nix/gcroots/osmoda; systemctl list-timers --no-legend 'osmoda-guard-*'"));
        Assert.Empty(await Machine.ShellAsync("systemctl list-units --state=failed --plain --no-legend"));
        Assert.Empty(await Machine.ShellAsync("journalctl -q -o cat | grep -E '/safeswitch.sh: line [0-9]+: ' | grep -v ' Killed ' || true"));
    }
}
