using OsModa.Tests.Lab;

namespace OsModa.E2E.Running;

/// <summary>Makes a server's next switch wait while it stops redis, until it is let go: something can happen in the middle of it.</summary>
/// <param name="server">On a generation whose redis-main.service is another than the target's.</param>
public sealed class HeldSwitch(LabServer server)
{
    private static readonly TimeSpan Ceiling = TimeSpan.FromSeconds(60);

    public Task PrepareAsync() => server.ShellAsync(
        """
        mkdir -p /run/systemd/system/redis-main.service.d
        printf '[Service]\nExecStop=/bin/sh -c "while [ ! -e /run/go ]; do /usr/bin/sleep 0.05; done"\n' >/run/systemd/system/redis-main.service.d/hold.conf
        systemctl daemon-reload
        """);

    /// <summary>It is there and waits.</summary>
    public Task ReachedAsync() => Until.TrueAsync("redis is being stopped", Ceiling, async () => (await server.ShellAsync("systemctl show -P ActiveState redis-main.service")).Trim() == "deactivating");

    /// <summary>Returns when the server has done all by itself, the default at next boot included.</summary>
    public async Task LetGoAsync(int target)
    {
        await server.ShellAsync("touch /run/go");
        await Until.TrueAsync($"{target} is the default at next boot", Ceiling, async () => await server.GenerationAsync("/nix/var/nix/profiles/system") == target);
        await Until.TrueAsync("the switch has ended", Ceiling, async () => (await server.ShellAsync("systemctl is-active nixos-rebuild-switch-to-configuration || true")).Trim() is "inactive" or "unknown");
    }
}
