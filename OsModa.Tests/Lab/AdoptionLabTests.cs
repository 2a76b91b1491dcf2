using OsModa.Core.Configuration;
using OsModa.Core.Operations;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>What a server has is read in as it is, and what was changed on it behind our back is seen, taken over, or undone.</summary>
[Trait("Tier", "lab")]
public sealed class AdoptionLabTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_does_not_belong_into_a_repository_is_left_out_and_named()
    {
        await using var machine = await LabServer.UpAsync("--tiny");
        await using var lab = await ConfigurationLab.OpenAsync(machine);
        await machine.ShellAsync("""
            cd /etc/nixos; mkdir -p modules .git; echo '{ }' > modules/one.nix; echo x > .git/config
            printf -- '-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n' > key; ln -s /etc/shadow shadow; head -c 2000000 /dev/zero > big.bin; printf '{ }' > "$(printf 'a\nb.nix')"; mkfifo pipe
            printf '#!/bin/sh\n' > backup.sh; chmod 755 backup.sh
            """);

        var adoption = await lab.AdoptAsync();

        Assert.Equal(["backup.sh", "configuration.nix", "hardware-configuration.nix", "modules/one.nix"], adoption.Files);
        Assert.Equal(["a b.nix", "big.bin", "key", "shadow"], adoption.Left.Select(left => left.Path).Order(StringComparer.Ordinal));
        Assert.Contains("private key", adoption.Left.Single(left => left.Path == "key").Why, StringComparison.Ordinal);
        Assert.True(await lab.EndedAsync(adoption.Check!.Value) is { Unchanged: true });
        Assert.Equal("backup.sh\n", await machine.ShellAsync($"cd /var/lib/osmoda/checks/{adoption.Check.Value:D}/source/servers/{lab.Operations.Server.Name} && find . -name backup.sh -perm -100 -printf '%f\\n'"));
        Assert.Contains("is adopted already", (await lab.Adopt.RunAsync(lab.Operations.Ann, lab.Server, Stop)).Errors[""], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_a_configuration_is_told_so()
    {
        await using var machine = await LabServer.UpAsync("--tiny");
        await using var lab = await ConfigurationLab.OpenAsync(machine);
        await machine.ShellAsync("rm -r /etc/nixos");

        Assert.Equal("There is no folder /etc/nixos on this server.", (await lab.Adopt.RunAsync(lab.Operations.Ann, lab.Server, Stop)).Errors[""]);
        Assert.StartsWith("The repository has no configuration of", (await lab.RunCheck.StartAsync(lab.Operations.Ann, new CheckRequest { Sheet = Guid.NewGuid(), Server = lab.Server }, Stop)).Errors[""], StringComparison.Ordinal);
        Assert.Equal(DriftKind.NotAdopted, (await lab.Drift.RunAsync(lab.Operations.Ann, lab.Server, Stop))?.Kind);
    }

    [Fact]
    public async Task A_server_whose_configuration_does_not_come_to_what_runs_is_told_apart()
    {
        await using var machine = await LabServer.UpAsync("--tiny");
        await using var lab = await ConfigurationLab.OpenAsync(machine);
        await machine.ShellAsync("""sed -i 's|^}$|  users.motd = "Written, but never switched to\\n";\n}|' /etc/nixos/configuration.nix""");

        var proof = await lab.EndedAsync((await lab.AdoptAsync()).Check!.Value);

        Assert.True(proof is { State: CheckState.Passed, Unchanged: false }, ConfigurationLab.Words(proof));
        Assert.NotEqual(lab.Operations.State.Pins!.Current, proof.System);
    }

    [Fact]
    public async Task What_was_changed_on_the_server_is_seen_and_taken_over()
    {
        await using var machine = await LabServer.UpAsync("--tiny");
        await using var lab = await ConfigurationLab.OpenAsync(machine);
        await lab.EndedAsync((await lab.AdoptAsync()).Check!.Value);
        Assert.Equal(DriftKind.InStep, (await lab.Drift.RunAsync(lab.Operations.Ann, lab.Server, Stop))?.Kind);
        var form = new TakeOverForm { Server = lab.Server, Title = TakeOverForm.TitleOf(lab.Operations.Server.Name) };
        Assert.StartsWith("The files in /etc/nixos", (await lab.TakeOver.RunAsync(lab.Operations.Ann, form, Stop)).Errors[""], StringComparison.Ordinal);

        await machine.ShellAsync("""
            sed -i 's|^}$|  users.motd = "By hand\\n";\n}|' /etc/nixos/configuration.nix
            export NIX_PATH=nixpkgs=/nix/var/nix/profiles/per-user/root/channels/nixos:nixos-config=/etc/nixos/configuration.nix
            system=$(nix-build --no-out-link '<nixpkgs/nixos>' -A system) && nix-env -p /nix/var/nix/profiles/system --set "$system" && $system/bin/switch-to-configuration switch
            """);
        await lab.Operations.SeesAsync(state => state.Generations.Any(generation => generation.Number == 8) && state.Pins?.NextBootNumber == 8);
        var foreign = await lab.Drift.RunAsync(lab.Operations.Ann, lab.Server, Stop);
        Assert.Equal(DriftKind.Foreign, foreign?.Kind);

        // The proposal comes to the very system that runs; until it is merged the server still runs what no commit came to.
        var taken = await lab.TakeOver.RunAsync(lab.Operations.Ann, form, Stop);
        Assert.True(taken.Done, string.Join("; ", taken.Errors.ByField.Values));
        Assert.Equal(["configuration.nix"], taken.Value.Files);
        var proof = await lab.EndedAsync(taken.Value.Check!.Value);
        Assert.True(proof is { State: CheckState.Passed, Unchanged: true }, ConfigurationLab.Words(proof));
        var waits = await lab.Drift.RunAsync(lab.Operations.Ann, lab.Server, Stop);
        Assert.Equal((DriftKind.Foreign, taken.Value.Proposal), (waits?.Kind, waits?.Waiting?.Id));

        // What was saved in the form meanwhile stays.
        await lab.SaveAsync(ConfigurationLab.Agent("muse"));
        var merged = await lab.Merge.RunAsync(lab.Operations.Ann, taken.Value.Proposal!.Value, Stop);
        Assert.True(merged.Done, string.Join("; ", merged.Errors.ByField.Values));
        var built = await lab.CheckAsync(merged.Value.Commit);
        Assert.True(built is { State: CheckState.Passed, Unchanged: false }, ConfigurationLab.Words(built));
        var operation = await lab.DeployAsync(built);
        Assert.True(operation.State == OperationState.Verified, operation.Outcome);
        Assert.Equal("By hand\n", await machine.ShellAsync("cat /etc/motd"));
        Assert.Contains("muse", await lab.HealthAsync("muse"), StringComparison.Ordinal);
        Assert.Equal(DriftKind.InStep, (await lab.Drift.RunAsync(lab.Operations.Ann, lab.Server, Stop))?.Kind);
    }

    [Fact]
    public async Task What_the_form_shows_of_an_adopted_server_comes_from_the_repository_and_not_from_the_server()
    {
        await using var machine = await LabServer.UpAsync("--tiny");
        await using var lab = await ConfigurationLab.OpenAsync(machine);
        await machine.ShellAsync("""sed -i 's|^}$|  users.motd = "Adopted\n";\n}|' /etc/nixos/configuration.nix""");
        await lab.EndedAsync((await lab.AdoptAsync()).Check!.Value);
        await lab.SaveAsync(ConfigurationLab.Agent("muse"));
        await machine.ShellAsync("""sed -i 's|Adopted|On the server alone|' /etc/nixos/configuration.nix""");

        var schema = await ReadAsync(lab);

        var folder = ServerSettings.FolderOf(lab.Operations.Server.Name);
        var motd = schema.Here[OptionPath.Of("users", "motd")];
        Assert.Equal((new NixText("Adopted\n"), $"{folder}/configuration.nix"), ((NixText?)motd.Value, Assert.Single(motd.Files).File));
        Assert.Equal($"{folder}/settings.json", Assert.Single(schema.Here[OptionPath.Of("services", "agents")].Files).File);
        Assert.Equal((await (await lab.SettingsAsync()).ReadAsync()).Commit, schema.Commit);
        Assert.DoesNotContain("osmoda-options", string.Concat(schema.Here.Values.SelectMany(value => value.Files).Select(file => file.File)), StringComparison.Ordinal);

        // Another commit: the values are of it, and the options, which it does not touch, are the same index.
        Assert.False(await lab.Schemas.IsBehindAsync(lab.Server, Stop));
        await lab.SaveAsync(new Setting(OptionPath.Of("users", "motd"), new NixText("Forced\n"), Setting.Force));
        Assert.True(await lab.Schemas.IsBehindAsync(lab.Server, Stop));
        var again = await ReadAsync(lab);
        Assert.Equal((schema.Revision, new NixText("Forced\n"), Setting.Force), (again.Revision, (NixText?)again.Here[OptionPath.Of("users", "motd")].Value, again.Here[OptionPath.Of("users", "motd")].Priority));
        Assert.False(await lab.Schemas.IsBehindAsync(lab.Server, Stop));
    }

    [Fact]
    public async Task A_server_with_a_flake_of_its_own_is_adopted_and_changed_by_the_form()
    {
        await using var machine = await LabServer.UpAsync("--tiny");
        await using var lab = await ConfigurationLab.OpenAsync(machine);
        await machine.ShellAsync("""
            cat > /etc/nixos/flake.nix <<END
            { inputs.nixpkgs.url = "nixpkgs"; outputs = { nixpkgs, ... }: { nixosConfigurations.$(uname -n) = nixpkgs.lib.nixosSystem { modules = [ ./configuration.nix ]; }; }; }
            END
            nix flake lock path:/etc/nixos
            """);

        var adoption = await lab.AdoptAsync();
        Assert.Contains("flake.lock", adoption.Files);
        var proof = await lab.EndedAsync(adoption.Check!.Value);
        Assert.True(proof is { State: CheckState.Passed, Unchanged: true }, ConfigurationLab.Words(proof));

        await lab.SaveAsync(ConfigurationLab.Agent("muse"));
        var operation = await lab.DeployAsync(await lab.CheckAsync());
        Assert.True(operation.State == OperationState.Verified, operation.Outcome);
        Assert.Contains("muse", await lab.HealthAsync("muse"), StringComparison.Ordinal);

        // Nix evaluates a copy in its store; what is told are the repository's own files.
        var schema = await ReadAsync(lab);
        var folder = ServerSettings.FolderOf(lab.Operations.Server.Name);
        Assert.Equal($"{folder}/configuration.nix", Assert.Single(schema.Here[OptionPath.Of("system", "stateVersion")].Files).File);
        Assert.Equal($"{folder}/settings.json", Assert.Single(schema.Here[OptionPath.Of("services", "agents")].Files).File);
    }

    private static async Task<ServerSchema> ReadAsync(ConfigurationLab lab)
    {
        await lab.Schemas.ReadAsync(lab.Server, lab.Operations.State.Pins?.Current?.Text);
        var state = lab.Schemas[lab.Server];
        Assert.True(state.Fault is null, state.Fault?.Detail);
        return state.Schema!;
    }
}
