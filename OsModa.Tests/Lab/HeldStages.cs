using OsModa.Core.SafeSwitch;

namespace OsModa.Tests.Lab;

/// <summary>Keeps the switches of a server in their first stages: <c>preflight</c> by a check that waits (10 s at most), <c>armed</c> by a unit that the timer of last resort waits for, <c>commit</c> by the lock of the profile.</summary>
internal sealed class HeldStages : IAsyncDisposable
{
    private const string Units = "/run/systemd/system", ProfileLock = "/nix/var/nix/profiles/system.lock";
    private readonly LabServer _machine;

    private HeldStages(LabServer machine) => _machine = machine;

    public static async Task<HeldStages> HoldAsync(LabServer machine)
    {
        await machine.ShellAsync($"""
            rm -f /run/go-preflight /run/go-armed
            mkdir -p {Units}/osmoda-guard-.timer.d
            printf '[Unit]\nRequires=hold.service\nAfter=hold.service\n' >{Units}/osmoda-guard-.timer.d/hold.conf
            printf '[Service]\nType=oneshot\nExecStart=/bin/sh -c "until [ -e /run/go-armed ]; do /usr/bin/sleep 0.05; done"\n' >{Units}/hold.service
            systemctl daemon-reload
            """);
        return new HeldStages(machine);
    }

    /// <summary>A plan that can be held.</summary>
    public SwitchPlan In(SwitchPlan plan) =>
        HealthCheckText.TryParse("hold\tcommand\tuntil [ -e /run/go-preflight ]; do sleep 0.05; done", out var check, out var error) ? plan with { Checks = [check] } : throw new FormatException(error);

    /// <summary>From now on they are kept in <c>commit</c>, too.</summary>
    public Task KeepCommitAsync() => _machine.ShellAsync($"""
        rm -f /run/go-commit
        systemd-run --quiet --collect --unit=hold-commit $(command -v flock) {ProfileLock} /bin/sh -c 'until [ -e /run/go-commit ]; do /usr/bin/sleep 0.05; done'
        while flock -n {ProfileLock} true; do sleep 0.05; done
        """);

    public Task LetGoAsync(string stage) => _machine.ShellAsync($"touch /run/go-{stage}");

    /// <summary>Lets all go.</summary>
    public async ValueTask DisposeAsync() =>
        await _machine.ShellAsync($"touch /run/go-preflight /run/go-armed /run/go-commit; rm -rf {Units}/osmoda-guard-.timer.d {Units}/hold.service; systemctl daemon-reload");
}
