using System.Text;
using OsModa.Core.Configuration;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>The schema as real Nix tells of it, for both shapes that releases of nixpkgs have given to their types.</summary>
[Trait("Tier", "lab")]
public sealed class OptionSchemaTests : IDisposable
{
    private readonly NixEvaluation _nix = new();

    public void Dispose() => _nix.Dispose();

    [Theory]
    [InlineData("now")]
    [InlineData("then")]
    public async Task Every_type_is_known_by_its_structure(string vintage)
    {
        var types = (await _nix.SchemaAsync(vintage)).Where(o => o.Path.Text.StartsWith("every.", StringComparison.Ordinal)).ToDictionary(o => o.Path.Text[6..], o => o.Type, StringComparer.Ordinal);
        var text = new TextType();

        Assert.Equal(new IntegerType(-5, 10), types["between"]);
        Assert.Equal(new IntegerType(0, 65535), types["port"]);
        Assert.Equal(new IntegerType(1), types["positive"]);
        Assert.Equal(new TextType("[a-z]{1,8}(-[0-9]+)?"), types["matching"]);
        Assert.Equal(new TextType(Separator: "\n"), types["lines"]);
        Assert.Equal(new TextType(Separator: ","), types["commas"]);
        Assert.Equal(new EnumType([new NixText("no"), new NixText("yes"), new NixInteger(3)]), types["enum"]);
        Assert.Equal(new ListType(new ListType(text)), types["lists"]);
        Assert.Equal(new AttributesType(text), types["attrs"]);
        Assert.Equal(new NullableType(new IntegerType()), types["nullable"]);
        Assert.Equal(new EitherType([new BoolType(), new IntegerType(), text]), types["oneOf"]);
        Assert.Equal(new CoercedType(vintage == "now" ? new IntegerType() : null, text), types["coerced"]);
        Assert.Equal(new ListType(new PackageType()), types["packages"]);
        Assert.Equal(new AttributesType(new SubmoduleType(true, null)), types["people"]);
        Assert.Equal(new SubmoduleType(true, vintage == "now" ? new AttributesType(new IntegerType()) : null), types["free"]);
        Assert.Equal(new SubmoduleType(false, null), types["module"]);
        Assert.Equal(new AnyType(), types["unspecified"]);
        Assert.Equal(new AnyType(), types["raw"]);
        Assert.Equal(new NumberType(-0.5, 1.5), types["numberBetween"]);
        Assert.Equal(new TextType(Separator: ":"), types["colons"]);
        Assert.Equal(new TextType(NoColons: true, OneLine: true), types["passwd"]);
        Assert.Equal(new ListType(text, NotEmpty: true), types["filled"]);
        Assert.Equal(new AttributesType(new NullableType(new IntegerType())), types["lazy"]);
        Assert.Equal(text, types["uniq"]);
        Assert.Equal(new UnionType(), types["tag"]);
        Assert.Equal(new CodeType("functionTo"), types["function"]);
        Assert.Equal(new IntegerType(0), types["people.<name>.age"]);
        Assert.Equal(text, types["crew.*.name"]);
    }

    [Fact]
    public async Task Kinds_of_a_union_and_what_is_within_free_members_are_options_of_their_own()
    {
        var types = (await _nix.SchemaAsync()).ToDictionary(o => o.Path.Text, o => o.Type, StringComparer.Ordinal);

        Assert.Equal((new IntegerType(), new TextType(Separator: "\n")), (types["every.tag.number"], types["every.tag.words"]));
        Assert.Equal(new IntegerType(0), types["every.tag.person.age"]);
        Assert.Equal(new SubmoduleType(true, new AttributesType(new SubmoduleType(true, null))), types["every.freeCrew"]);
        Assert.Equal(new TextType(), types["every.freeCrew.<name>.name"]);
    }

    [Fact]
    public async Task Defaults_that_cannot_be_evaluated_cost_nothing_but_themselves()
    {
        var reading = await ReadAsync("schema");
        var options = reading.Parts.SelectMany(part => OptionsJson.Read(part)).ToDictionary(o => o.Path.Text, StringComparer.Ordinal);

        Assert.True(reading.Ended);
        Assert.False(reading.Whole);
        Assert.Equal(new OptionSample(new NixOther("error"), null), options["hard.throwing"].Default);
        Assert.Null(options["hard.missing"].Default);
        Assert.Equal("Its default cannot even be tried.", options["hard.missing"].About);
        Assert.Equal(new OptionSample(null, "config.networking.hostName"), options["hard.shown"].Default);
        Assert.Equal(new OptionSample(new NixOther("function"), null), options["hard.function"].Default);
        Assert.Equal("Told in *Markdown*.", options["hard.described"].About);
        Assert.True(options["hard.readOnly"].ReadOnly);
        Assert.True(options["hard.internal"].Hidden);
        Assert.True(options["hard.old"].Hidden);
        Assert.True(options["hard.household.<name>.age"].Hidden);
        Assert.Equal(new OptionSample(new NixInteger(4), null), options["services.web.workers"].Default);
        Assert.EndsWith("lab/options/options.nix", Assert.Single(options["services.web.workers"].Declared).File, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_are_told_with_their_file_and_their_priority()
    {
        var reading = await ReadAsync("set");
        var values = reading.Parts.SelectMany(part => OptionsJson.ReadSet(part)).ToDictionary(v => v.Path.Text, StringComparer.Ordinal);

        Assert.True(reading.Whole);
        Assert.Equal(4, values.Count);
        Assert.Equal((Setting.Default, (NixValue)new NixBool(true)), (values["services.web.enable"].Priority, values["services.web.enable"].Value));
        Assert.Equal(Setting.Force, values["services.web.mode"].Priority);
        Assert.EndsWith("hand-written.nix", Assert.Single(values["services.web.mode"].Files).File, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_that_nobody_needs_are_not_looked_at_and_a_member_without_a_value_costs_nothing_but_itself()
    {
        var file = Path.Combine(_nix.Folder, "source.nix");
        await File.WriteAllTextAsync(file, $$"""
            { ... }:
            let
              lib = import {{NixEvaluation.LabOptions}}/lib.nix { };
              inherit (lib) mkOption types;
            in lib.evalModules {
              modules = [ {{NixEvaluation.LabOptions}}/options.nix {
                options.assertions = mkOption { type = types.listOf types.unspecified; default = [ ]; internal = true; };
                options.build = mkOption { type = types.submodule { freeformType = types.lazyAttrsOf types.raw; }; default = { }; };
                options.containers = mkOption { type = types.attrsOf types.raw; default = { }; };
                config = {
                  assertions = [ { assertion = true; message = { }.absent; } ];
                  build.image = { }.absent;
                  containers.web = { assertions = { }.absent; warnings = [ ]; };
                  every.people.anna = { age = 7; };
                  every.raw = { packages = { callPackage = x: x; broken = { }.absent; }; type = throw "none"; };
                };
              } ];
            }
            """, TestContext.Current.CancellationToken);
        var reading = await ReadAsync("set", source: file);
        var values = reading.Parts.SelectMany(part => OptionsJson.ReadSet(part)).ToDictionary(v => v.Path.Text, v => v.Value, StringComparer.Ordinal);

        Assert.True(reading.Whole);
        Assert.Null(values["assertions"]);
        Assert.Null(values["build"]);
        Assert.Equal(Set("web", new NixOther("deep")), values["containers"]);
        Assert.Equal(Set("packages", new NixOther("deep")), values["every.raw"]);
        var anna = Assert.IsType<NixSet>(Assert.IsType<NixSet>(values["every.people"]).Members["anna"]);
        Assert.Equal(["age", "keys"], anna.Members.Keys.Order(StringComparer.Ordinal));

        static NixSet Set(string name, NixValue value) => NixSet.Of([KeyValuePair.Create(name, value)]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_loses_is_told_with_its_file_its_value_and_its_priority_also_beside_a_mistake_that_Nix_cannot_catch(bool isSpoilt)
    {
        _nix.Write(SettingsDocument.Of([
            new Setting(OptionPath.Of("services", "web", "mode"), new NixText("fast")),
            new Setting(OptionPath.Of("services", "web", "enable"), new NixBool(false), Setting.Force),
            new Setting(OptionPath.Of("services", "web", "workers"), new NixInteger(9))]));
        await File.WriteAllTextAsync(Path.Combine(_nix.Folder, "more.nix"), """{ lib, config, pkgs, ... }: { config = lib.mkMerge [ (lib.mkIf config.services.web.enable { services.web.workers = lib.mkDefault 7; }) { services.web = lib.mkDefault { workers = 5; }; } ]; }""", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_nix.Folder, "spoilt.nix"), "{ lib, ... }: { services.web.hosts = lib.mkDefault [ { }.absent ]; }", TestContext.Current.CancellationToken);
        var file = Path.Combine(_nix.Folder, "source.nix");
        await File.WriteAllTextAsync(file, $$"""
            { ... }:
            let
              lib = import {{NixEvaluation.LabOptions}}/lib.nix { };
              evaluated = lib.evalModules {
                specialArgs.pkgs = { inherit lib; };
                modules = [ {{NixEvaluation.LabOptions}}/options.nix {{NixEvaluation.LabOptions}}/hand-written.nix { _file = "named"; key = {{_nix.Folder}}/named.nix; imports = [ {{_nix.Folder}}/settings.nix {{_nix.Folder}}/more.nix{{(isSpoilt ? $" {_nix.Folder}/spoilt.nix" : null)}} ]; } ];
              };
            # What nixos/default.nix hands on of it.
            in { inherit (evaluated) config options; pkgs = { inherit lib; }; }
            """, TestContext.Current.CancellationToken);
        var reading = await ReadAsync("lost", source: file);
        var lost = reading.Parts.SelectMany(part => OptionsJson.ReadLost(part)).Select(definition => (definition.Path.Text, Path.GetFileName(definition.Place.File), definition.Priority, definition.Value)).ToList();

        Assert.Equal(!isSpoilt, reading.Whole);
        Assert.Equal(
            [
                ("services.web.enable", "hand-written.nix", Setting.Default, (NixValue?)new NixBool(true)),
                ("services.web.mode", "settings.json", Setting.Plain, new NixText("fast")),
                ("services.web.workers", "more.nix", Setting.Default, new NixInteger(5)),
            ],
            lost.OrderBy(definition => definition.Text, StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_module_system_that_does_not_tell_its_modules_tells_of_nothing_that_loses()
    {
        var file = Path.Combine(_nix.Folder, "source.nix");
        await File.WriteAllTextAsync(file, $$"""{ ... }: let evaluated = import {{NixEvaluation.LabOptions}} { }; in { inherit (evaluated) config; options = removeAttrs evaluated.options [ "_module" ]; }""", TestContext.Current.CancellationToken);
        var reading = await ReadAsync("lost", source: file);

        Assert.True(reading.Ended);
        Assert.Empty(reading.Parts.SelectMany(part => OptionsJson.ReadLost(part)));
    }

    [Theory]
    [InlineData("HT", """[{"about":"","name":"htop","version":"3.3.0"}]""")]
    [InlineData("python3Packages.req", """[{"about":"","name":"python3Packages.requests","version":"2.32.3"}]""")]
    [InlineData("nothing-like-it", "[]")]
    [InlineData("absent.req", "[]")]
    public async Task Packages_are_found_by_a_part_of_their_names_with_their_versions(string word, string found)
    {
        var file = Path.Combine(_nix.Folder, "source.nix");
        await File.WriteAllTextAsync(file, $$"""
            { ... }: { options = { }; pkgs = {
              htop = { type = "derivation"; name = "htop-3.3.0"; version = "3.3.0"; };
              oldHtop = throw "htop2 was renamed to htop";
              python3Packages.requests = { type = "derivation"; name = "python3.11-requests-2.32.3"; version = "2.32.3"; };
            }; }
            """, TestContext.Current.CancellationToken);
        var reading = await ReadAsync(word, NixFiles.Packages, file);

        Assert.True(reading.Ended);
        Assert.Equal(found, Encoding.UTF8.GetString(Assert.Single(reading.Parts).Span).Trim());
    }

    [Fact]
    public async Task The_rule_of_a_field_foretells_what_an_evaluation_with_the_field_set_does()
    {
        var options = (await _nix.SchemaAsync()).ToDictionary(o => o.Path.Text, StringComparer.Ordinal);
        var here = (await ReadAsync("set")).Parts.SelectMany(part => OptionsJson.ReadSet(part)).ToDictionary(v => v.Path.Text, StringComparer.Ordinal);
        NixValue list = new NixList([new NixText("form.example.org")]);

        Assert.Equal((WriteAccess.Writable, "false"), (Rule("enable"), await EvaluateAsync("enable", new NixBool(false))));
        Assert.Equal((WriteAccess.Merges, """["hand.example.org","form.example.org"]"""), (Rule("hosts"), await EvaluateAsync("hosts", list)));
        Assert.Equal((WriteAccess.Locked, null), (Rule("user"), await EvaluateAsync("user", new NixText("form"))));
        Assert.Equal((WriteAccess.Writable, "\"form\""), (Rule("user", Setting.Force), await EvaluateAsync("user", new NixText("form"), Setting.Force)));
        Assert.Equal((WriteAccess.Writable, "\"nobody\""), (Rule("user", Setting.Default), await EvaluateAsync("user", new NixText("form"), Setting.Default)));
        Assert.Equal((WriteAccess.Writable, """["form.example.org"]"""), (Rule("hosts", Setting.Force), await EvaluateAsync("hosts", list, Setting.Force)));
        Assert.Equal((WriteAccess.Locked, "\"safe\""), (Rule("mode"), await EvaluateAsync("mode", new NixText("fast"))));
        Assert.Equal((WriteAccess.Writable, "9"), (Rule("workers"), await EvaluateAsync("workers", new NixInteger(9))));

        WriteAccess Rule(string name, int? priority = null) => WriteRule.For(options[$"services.web.{name}"], here.GetValueOrDefault($"services.web.{name}"), null, priority).Access;
    }

    private async Task<string?> EvaluateAsync(string name, NixValue value, int priority = Setting.Plain)
    {
        _nix.Write(SettingsDocument.Of([new Setting(OptionPath.Of("services", "web", name), value, priority)]));
        var (status, output, _) = await _nix.TryAsync($$"""(import {{NixEvaluation.LabOptions}} { modules = [ {{_nix.Folder}}/settings.nix ]; }).config.services.web.{{name}}""");
        return status == 0 ? output.Trim() : null;
    }

    private async Task<SchemaLines> ReadAsync(string part, string? asked = null, string? source = null)
    {
        var script = Path.Combine(_nix.Folder, "options.sh");
        await File.WriteAllTextAsync(script, OsModa.Core.Ssh.RemoteScript.Embedded("options.sh").Text);
        var (status, output, errors) = await _nix.RunAsync("/bin/sh", script, asked ?? NixFiles.Schema, NixFiles.ReadOptions, part, "file", source ?? NixEvaluation.LabOptions);
        Assert.True(status == 0, errors);
        var lines = new SchemaLines();
        Assert.All(output.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.True(lines.Take(Encoding.UTF8.GetBytes(line))));
        return lines;
    }
}
