using OsModa.Core.Configuration;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>What the templates of agents make, evaluated by real Nix as a service of systemd.</summary>
[Trait("Tier", "lab")]
public sealed class AgentTemplateTests : IDisposable
{
    private readonly NixEvaluation _nix = new();
    private readonly OptionIndex _index;

    public AgentTemplateTests()
    {
        Assert.True(SchemaRevision.TryParse("systemd", out var revision, out _));
        _index = OptionIndex.Make(_nix.Folder, revision, OptionsJson.Read("""
            [{"loc":["systemd","services"],"type":{"kind":"attrsOf","sub":{"elemType":{"kind":"submodule","data":true}}}},
             {"loc":["systemd","services","<name>","description"],"type":{"kind":"str"}},
             {"loc":["systemd","services","<name>","wantedBy"],"type":{"kind":"listOf","sub":{"elemType":{"kind":"str"}}}},
             {"loc":["systemd","services","<name>","unitConfig"],"type":{"kind":"attrsOf","sub":{"elemType":{"kind":"anything"}}}},
             {"loc":["systemd","services","<name>","serviceConfig"],"type":{"kind":"attrsOf","sub":{"elemType":{"kind":"anything"}}}}]
            """u8.ToArray()));
    }

    public static TheoryData<string> Keys => [.. AgentTemplate.All.Select(template => template.Key)];

    public void Dispose() => _nix.Dispose();

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Each_template_becomes_a_service_that_starts_its_program_with_its_packages(string key)
    {
        var template = AgentTemplate.All.Single(one => one.Key == key);
        var agent = (AgentForm.Of(template) with { Name = "muse", Work = "writes ${poems}", SecretFile = "/run/secrets/muse.env" }).Check(_index, SettingsDocument.Empty);
        Assert.True(agent.Done, string.Join("; ", agent.Errors.ByField.Values));
        Assert.Empty(new DocumentCheck(_index).Faults(agent.Value));
        _nix.Write(agent.Value);

        using var told = await _nix.JsonAsync($$"""
            let
              lib = import {{NixEvaluation.LabOptions}}/lib.nix { };
              pkgs = {
                nodejs = "/nix/store/nodejs";
                python3.withPackages = choose: "/nix/store/python3-with:${builtins.concatStringsSep "," (choose (builtins.listToAttrs (map (name: { inherit name; value = name; }) [ "langgraph" "langchain" "crewai" "mcp" ])))}";
              };
              of = type: lib.mkOption { inherit type; default = { }; };
              service = lib.types.submodule { options = {
                description = of lib.types.str;
                wantedBy = of (lib.types.listOf lib.types.str);
                unitConfig = of (lib.types.attrsOf lib.types.anything);
                serviceConfig = of (lib.types.attrsOf lib.types.anything);
              }; };
            in
            (lib.evalModules { specialArgs = { inherit pkgs; }; modules = [ { options.systemd.services = lib.mkOption { type = lib.types.attrsOf service; }; } {{_nix.Folder}}/settings.nix ]; }).config.systemd.services."agent-muse"
            """);

        var service = told.RootElement;
        Assert.Equal("writes ${poems}", service.GetProperty("description").GetString());
        Assert.Equal("muse", service.GetProperty("unitConfig").GetProperty("X-OsModa-Agent").GetString());
        var command = service.GetProperty("serviceConfig").GetProperty("ExecStart").GetString();
        Assert.Equal(template.Language == "node" ? $"/nix/store/nodejs/bin/node {template.File}" : $"/nix/store/python3-with:{string.Join(',', template.Packages)}/bin/python {template.File}", command);
        Assert.Equal("/run/secrets/muse.env", service.GetProperty("serviceConfig").GetProperty("EnvironmentFile").GetString());
    }
}
