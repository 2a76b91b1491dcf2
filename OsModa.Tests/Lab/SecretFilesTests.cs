using OsModa.Core.Configuration;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>A flake of ours with modules for secrets, evaluated by real Nix: a server that asked for one has it, and others do not.</summary>
[Trait("Tier", "lab")]
public sealed class SecretFilesTests : IDisposable
{
    private readonly NixEvaluation _nix = new();

    public void Dispose() => _nix.Dispose();

    [Fact]
    public async Task The_server_that_asked_for_them_has_their_options_and_another_has_not()
    {
        Write("flake.nix", SecretFiles.Flake(SecretModule.All));
        Write("servers/web1/default.nix", SecretFiles.Server(SecretModule.All));
        Write("servers/web2/default.nix", SecretFiles.Server([]));
        foreach (var folder in new[] { "web1", "web2" })
        {
            Write($"servers/{folder}/settings.nix", "{ }");
        }

        foreach (var module in SecretModule.All)
        {
            Write($"servers/web1/{module.File}", SecretFiles.Import(module));
        }

        using var told = await _nix.JsonAsync($$"""
            let
              lib = import {{NixEvaluation.LabOptions}}/lib.nix { };
              fake = name: { options.${name} = lib.mkOption { type = lib.types.str; default = name; }; };
              nixosSystem = { modules, specialArgs ? { } }: lib.evalModules { inherit modules specialArgs; };
              flake = import {{_nix.Folder}}/flake.nix;
              systems = (flake.outputs { nixpkgs.lib = { inherit nixosSystem; }; sops-nix.nixosModules.sops = fake "sops"; agenix.nixosModules.default = fake "age"; }).nixosConfigurations;
            in
            { inputs = builtins.attrNames flake.inputs; web1 = systems.web1.config.sops + systems.web1.config.age; web2 = systems.web2.config ? sops; }
            """);

        Assert.Equal("""{"inputs":["agenix","nixpkgs","sops-nix"],"web1":"sopsage","web2":false}""", told.RootElement.GetRawText());
    }

    [Theory]
    [InlineData("""{ "root": "r", "nodes": { "r": { "inputs": { "nixpkgs": "n" } } } }""", "false")]
    [InlineData("""{ "root": "r", "nodes": { "r": { "inputs": { "nixpkgs": "n", "sops-nix": "s" } } } }""", "true")]
    public async Task An_input_that_the_lock_does_not_name_is_seen(string pins, string answer)
    {
        Write("flake.nix", SecretFiles.Flake([SecretModule.All[0]]));
        Write("flake.lock", pins);
        Write("system.nix", RemoteScript.Embedded("system.nix").Text);

        var (status, output, errors) = await _nix.RunAsync(
            "/usr/bin/nix-instantiate", "--eval", "--strict", "--json", Path.Combine(_nix.Folder, "system.nix"), "--argstr", "source", "flake", "--argstr", "place", _nix.Folder, "--argstr", "part", "pinned");

        Assert.True(status == 0, errors);
        Assert.Equal(answer, output.Trim());
    }

    private void Write(string path, string text)
    {
        var file = Path.Combine(_nix.Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
