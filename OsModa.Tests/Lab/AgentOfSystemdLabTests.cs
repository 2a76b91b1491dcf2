using OsModa.Core.Configuration;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.SafeSwitch;
using Xunit;
using CheckState = OsModa.Core.Configuration.CheckState;

namespace OsModa.Tests.Lab;

/// <summary>Agents on a server without a module for agents, as NixOS is: the form makes services of systemd of them, which are built and deployed.</summary>
[Trait("Tier", "lab")]
public sealed class AgentOfSystemdLabTests
{
    [Fact]
    public async Task An_agent_of_each_template_runs_in_its_folder_with_its_packages_and_secrets_and_is_seen_as_one()
    {
        await using var machine = await LabServer.UpAsync("--tiny");
        await using var lab = await ConfigurationLab.OpenAsync(machine);
        // The lab's interpreters run shell. The program tells what it is given.
        await machine.ShellAsync("""
            mkdir -p /srv/agents /var/lib/agent-node /run/secrets
            tee /srv/agents/main.py /srv/agents/server.py > /var/lib/agent-node/index.js <<'END'
            printf '%s\n' "$PWD" "$AGENT_WORD" "$LAB_PACKAGES" > "$STATE_DIRECTORY/told"
            exec sleep infinity
            END
            echo AGENT_WORD=barge > /run/secrets/agent.env
            """);
        var index = await AdoptAsync(machine, lab);

        await SaveAsync(lab, index, [.. AgentTemplate.All.Select(template => AgentForm.Of(template) with { Name = template.Key, Folder = template.Language == "node" ? "" : "/srv/agents", SecretFile = "/run/secrets/agent.env" })]);
        var operation = await lab.DeployAsync(await lab.CheckAsync());

        Assert.True(operation.State == OperationState.Verified, operation.Outcome);
        foreach (var template in AgentTemplate.All)
        {
            var unit = $"agent-{template.Key}.service";
            await lab.Operations.SeesAsync(state => state.Units.GetValueOrDefault(UnitName.Parse(unit)) is { Health: UnitHealth.Healthy, Agent: { } agent } && agent == template.Key);
            Assert.Equal($"X-OsModa-Agent={template.Key}\n", await machine.ShellAsync($"grep X-OsModa-Agent /etc/systemd/system/{unit}"));
            var told = (await machine.ShellAsync($"cat /var/lib/agent-{template.Key}/told")).Split('\n');
            Assert.Equal((template.Language == "node" ? "/var/lib/private/agent-node" : "/srv/agents", "barge"), (told[0], told[1]));
            Assert.Equal(template.Packages.Length, told[2].Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
            Assert.All(template.Packages, package => Assert.Contains($"-python3.12-{package}-", told[2], StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task One_whose_program_is_not_there_is_taken_back()
    {
        await using var machine = await LabServer.UpAsync("--tiny");
        await using var lab = await ConfigurationLab.OpenAsync(machine);
        var index = await AdoptAsync(machine, lab);

        await SaveAsync(lab, index, AgentForm.Of(AgentTemplate.All.Single(template => template.Key == "python")) with { Name = "muse" });
        var operation = await lab.DeployAsync(await lab.CheckAsync(), SwitchPlan.Deployment);

        Assert.True(operation.State == OperationState.RolledBack, operation.Outcome);
        Assert.Contains("agent-muse.service", operation.Outcome, StringComparison.Ordinal);
        Assert.Equal(7, await machine.GenerationAsync("/run/current-system"));
    }

    private static async Task<OptionIndex> AdoptAsync(LabServer machine, ConfigurationLab lab)
    {
        await machine.ShellAsync("""sed -i 's|^}$|  disabledModules = [ "agents.nix" ];\n}|' /etc/nixos/configuration.nix""");
        var proof = await lab.EndedAsync((await lab.AdoptAsync()).Check!.Value);
        Assert.True(proof is { State: CheckState.Passed, Unchanged: true }, ConfigurationLab.Words(proof));

        await lab.Schemas.ReadAsync(lab.Server, lab.Operations.State.Pins?.Current?.Text);
        var state = lab.Schemas[lab.Server];
        Assert.True(state.Fault is null, state.Fault?.Detail);
        var index = state.Schema!.Index;
        Assert.Equal((false, true), (AgentForm.HasModule(index), AgentForm.FitsOn(index)));
        return index;
    }

    /// <summary>As the form does it.</summary>
    private static async Task SaveAsync(ConfigurationLab lab, OptionIndex index, params AgentForm[] agents)
    {
        var document = SettingsDocument.Empty;
        foreach (var form in agents)
        {
            var agent = form.Check(index, document);
            Assert.True(agent.Done, string.Join("; ", agent.Errors.ByField.Values));
            document = agent.Value.Settings.Values.Aggregate(document, (all, setting) => all.Put(setting.Path, setting.Value));
        }

        Assert.Empty(new DocumentCheck(index).Faults(document));
        await lab.SaveAsync([.. document.Settings.Values]);
    }
}
