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
        Assert.Equal("0", (await builder.ShellAsync("ls /run/agents | grep -c muse || true")).Trim());
    }
}
