using OsModa.Core.Configuration;
using OsModa.Core.Operations;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>The whole way on a real server: what is set in the form is committed, evaluated, built, deployed by SafeSwitch, and runs.</summary>
[Trait("Tier", "lab")]
public sealed class ConfigurationLabTests
{
    [Fact]
    public async Task An_agent_that_is_added_in_the_form_answers_on_the_server()
    {
        await using var machine = await LabServer.UpAsync("--tiny");
        await using var lab = await ConfigurationLab.OpenAsync(machine);
        var before = lab.Operations.State.Pins!.Current;

        var adoption = await lab.AdoptAsync();
        Assert.Equal(["configuration.nix", "hardware-configuration.nix"], adoption.Files);
        var proof = await lab.EndedAsync(adoption.Check!.Value);
        Assert.True(proof is { State: CheckState.Passed, Unchanged: true }, ConfigurationLab.Words(proof));
        Assert.Equal(before, proof.System);

        await lab.SaveAsync(ConfigurationLab.Agent("muse", ("work", new NixText("writes ${poems}"))), new Setting(OptionPath.Of("environment", "etc", "muse.conf", "text"), new NixText("words = 7\n")));
        var built = await lab.CheckAsync();
        Assert.True(built is { State: CheckState.Passed, Unchanged: false }, ConfigurationLab.Words(built));
        Assert.All(built.Steps, step => Assert.True(step is { State: StepState.Passed }, $"{step}"));
        Assert.True(built.Build is { Built: > 0, Failed: 0, Share: 1 }, $"{built.Build}");
        Assert.Equal("", await lab.HealthAsync("muse"));

        var operation = await lab.DeployAsync(built);
        Assert.True(operation.State == OperationState.Verified, operation.Outcome);
        Assert.Equal((OperationKind.Deploy, built.System!.Value.Text), (operation.Kind, operation.TargetSystem));
        Assert.Contains("\"agent\":\"muse\"", await lab.HealthAsync("muse"), StringComparison.Ordinal);
        Assert.Equal("words = 7\n", await machine.ShellAsync("cat /etc/muse.conf"));
        Assert.Equal((8, 8), (await machine.GenerationAsync("/run/current-system"), await machine.GenerationAsync("/nix/var/nix/profiles/system")));
        await lab.Operations.SeesAsync(state => state.Generations.Any(generation => generation.Number == 8 && generation.System == built.System));
    }
}
