using OsModa.Core.Configuration;
using OsModa.Core.Operations;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>One server builds for another; the dashboard carries what was built, and neither server knows the other.</summary>
[Trait("Tier", "lab")]
public sealed class BuilderLabTests
{
    [Fact]
    public async Task A_system_that_another_server_built_is_copied_and_runs()
    {
        await using var machine = await LabServer.UpAsync("--tiny");
        await using var builder = await LabServer.UpAsync("--tiny");
        await using var lab = await ConfigurationLab.OpenAsync(machine);
        var other = await lab.Operations.AddAsync(builder);
        await lab.EndedAsync((await lab.AdoptAsync()).Check!.Value);
        await lab.SaveAsync(ConfigurationLab.Agent("muse"));

        var built = await lab.CheckAsync(builder: other.Id);

        Assert.True(built.State == CheckState.Passed, ConfigurationLab.Words(built));
        Assert.Equal((CheckStep.Copy, StepState.Passed), (built.Steps[^1].Step, built.Steps[^1].State));
        var operation = await lab.DeployAsync(built);
        Assert.True(operation.State == OperationState.Verified, operation.Outcome);
        Assert.Contains("muse", await lab.HealthAsync("muse"), StringComparison.Ordinal);
        Assert.Equal("", await machine.ShellAsync("ls /nix/store/*.drv 2>/dev/null | grep agent-muse || true"));
        // Another channel is another nixpkgs: what came of it would not be this server's system.
        await builder.ShellAsync("""
            cp -R /nix/var/nix/profiles/per-user/root/channels/. /tmp/channels; echo newer >> /tmp/channels/nixos/README.md
            nix-env -p /nix/var/nix/profiles/per-user/root/channels --set "$(nix-store --add /tmp/channels)"
            """);
        var refused = await lab.RunCheck.StartAsync(lab.Operations.Ann, new CheckRequest { Sheet = Guid.CreateVersion7(), Server = lab.Server, Builder = other.Id }, TestContext.Current.CancellationToken);
        Assert.StartsWith($"{lab.Operations.Server.Name} has no flake", refused.Errors[nameof(CheckRequest.Builder)], StringComparison.Ordinal);
        Assert.Equal("0", (await builder.ShellAsync("ls /run/agents | grep -c muse || true")).Trim());
    }
}
