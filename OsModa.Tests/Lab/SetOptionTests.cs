using OsModa.Core.Configuration;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>What is asked of options that the form sets: what it says is looked at as deep as it says it; what is lazy around that is let be.</summary>
[Trait("Tier", "lab")]
public sealed class SetOptionTests : IDisposable
{
    private readonly NixEvaluation _nix = new();

    public SetOptionTests()
    {
        Directory.CreateDirectory(Path.Combine(_nix.Folder, "nixos"));
        File.WriteAllText(Path.Combine(_nix.Folder, "system.nix"), RemoteScript.Embedded("system.nix").Text);
        File.WriteAllText(Path.Combine(_nix.Folder, "nixos", "default.nix"), $$"""
            { configuration }:
            let
              lib = import {{NixEvaluation.LabOptions}}/lib.nix { };
              inherit (lib) mkOption types;
              htop = { type = "derivation"; name = "htop"; };
              pkgs = { inherit htop; linuxPackages_latest = { kernel = htop; old = throw "an alias"; }; };
              host = types.submodule { options = { root = mkOption { type = types.str; }; port = mkOption { type = types.port; }; }; };
              options = { kernel = mkOption { type = types.raw; }; hosts = mkOption { type = types.attrsOf host; }; swap = mkOption { type = types.listOf host; }; packages = mkOption { type = types.listOf types.package; }; variables = mkOption { type = types.attrsOf (types.nullOr types.str); apply = set: removeAttrs set (builtins.filter (name: set.${name} == null) (builtins.attrNames set)); }; };
            in
            { inherit (lib.evalModules { specialArgs = { inherit pkgs; }; modules = [ { inherit options; } configuration ]; }) config options; }
            """);
    }

    public void Dispose() => _nix.Dispose();

    [Fact]
    public async Task Members_that_throw_or_have_no_value_stand_against_nothing_where_the_form_does_not_set_them()
    {
        _nix.Write(SettingsDocument.Of([
            new Setting(OptionPath.Of("kernel"), new NixExpression("pkgs.linuxPackages_latest")),
            new Setting(OptionPath.Of("hosts", "shop"), NixSet.Of([new("root", new NixText("/srv"))])),
            new Setting(OptionPath.Of("swap"), new NixList([NixSet.Of([new("port", new NixInteger(1))])]))]));

        var (status, output, errors) = await AskAsync("""[["kernel"],["hosts","shop"],["swap"]]""");

        Assert.True(status == 0, errors);
        Assert.Equal("[true,true,true]", output.Trim());
    }

    [Fact]
    public async Task A_member_that_NixOS_leaves_out_of_what_it_makes_is_no_mistake()
    {
        _nix.Write(SettingsDocument.Of([new Setting(OptionPath.Of("variables", "EDITOR"), NixNull.Value)]));

        var (status, output, errors) = await AskAsync("""[["variables","EDITOR"],["variable","EDITOR"]]""");

        Assert.True(status == 0, errors);
        Assert.Equal("[true,false]", output.Trim());
    }

    [Fact]
    public async Task A_list_that_others_add_to_is_no_mistake()
    {
        _nix.Write(SettingsDocument.Of([new Setting(OptionPath.Of("swap"), new NixList([NixSet.Of([new("port", new NixInteger(1))])]))]));

        var (status, output, errors) = await AskAsync("""[["swap"]]""", "{ swap = [ { root = \"/swap\"; } ]; }");

        Assert.True(status == 0, errors);
        Assert.Equal("[true]", output.Trim());
    }

    [Fact]
    public async Task What_the_form_itself_sets_wrongly_is_found_however_deep_it_is()
    {
        _nix.Write(SettingsDocument.Of([
            new Setting(OptionPath.Of("hosts", "shop"), NixSet.Of([new("port", new NixInteger(70_000))])),
            new Setting(OptionPath.Of("swap"), new NixList([NixSet.Of([new("root", new NixInteger(1))])])),
            new Setting(OptionPath.Of("packages"), new NixExpression("[ pkgs.htop (throw \"gone\") ]"))]));

        var (status, output, errors) = await AskAsync("""[["hosts","shop"],["swap"],["packages"],["nothing"]]""");

        Assert.True(status == 0, errors);
        Assert.Equal("[false,false,false,false]", output.Trim());
    }

    private async Task<(int Status, string Output, string Errors)> AskAsync(string paths, string more = "{ }")
    {
        var configuration = Path.Combine(_nix.Folder, "configuration.nix");
        await File.WriteAllTextAsync(configuration, $$"""{ imports = [ ./settings.nix {{more}} ]; }""", TestContext.Current.CancellationToken);
        return await _nix.RunAsync(
            "/usr/bin/nix-instantiate", "--eval", "--strict", "--json", "-I", $"nixpkgs={_nix.Folder}", Path.Combine(_nix.Folder, "system.nix"), "--argstr", "source", "channel", "--argstr", "place", configuration,
            "--argstr", "settings", Path.Combine(_nix.Folder, SettingsFiles.Name), "--argstr", "paths", paths, "--argstr", "part", "each");
    }
}
