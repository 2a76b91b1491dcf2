using System.Text.Json;
using FsCheck.Fluent;
using OsModa.Core.Configuration;
using OsModa.Tests.Configuration;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>Values of every type from the form through settings.json and a real evaluation back: equal, and never code.</summary>
[Trait("Tier", "lab")]
public sealed class SettingsRoundTripTests : IDisposable
{
    private const int Values = 1_000;
    private readonly NixEvaluation _nix = new();

    public static TheoryData<string> Types => new(
        "bool", "int", "between", "unsigned", "positive", "port", "float", "number", "numberBetween", "str", "nonEmpty", "singleLine", "matching", "lines", "commas", "colons", "passwd", "path", "enum", "package",
        "packages", "list", "lists", "filled", "attrs", "lazy", "uniq", "tag", "nullable", "either", "oneOf", "coerced", "person", "people", "crew", "free", "freeCrew", "module", "json", "anything", "raw", "unspecified");

    public void Dispose() => _nix.Dispose();

    [Theory]
    [MemberData(nameof(Types))]
    public async Task A_thousand_values_come_back_as_they_were(string name)
    {
        var schema = await _nix.SchemaAsync();
        IReadOnlyList<Option> Fields(OptionPath place) => [.. schema.Where(o => o.Path.Parts.Length == place.Parts.Length + 1 && o.Path.IsWithin(place))];
        var option = schema.Single(o => o.Path.Text == $"every.{name}");
        var values = RandomValues.Of(option.Type, Fields, option.Path).Sample(Values).ToList();

        Assert.All(values, value => Assert.Empty(ValueCheck.Faults(option.Type, value, option.Path, Fields, place => Fields(place).Count > 0)));
        var document = SettingsDocument.Of(values.Select((value, i) => new Setting(OptionPath.Of("batch", $"v{i}"), value)));
        _nix.Write(document);
        var files = SettingsFiles.Of(document);
        Assert.Equal(document, SettingsReader.Read(files.Json.AsMemory(), files.Expressions.GetValueOrDefault));

        using var told = await _nix.JsonAsync($$"""import {{NixEvaluation.LabOptions}}/batch.nix { type = "{{name}}"; count = {{Values}}; folder = {{_nix.Folder}}; }""");
        Assert.Equal(values, told.RootElement.EnumerateArray().Select(Read));
    }

    [Fact]
    public async Task A_thousand_values_written_as_Nix_are_evaluated_and_read_back_as_they_were()
    {
        var values = RandomValues.Any(3).Sample(Values).ToList();
        var document = SettingsDocument.Of(values.Select((value, i) => new Setting(OptionPath.Of("batch", $"v{i}"), value, (i % 3) switch { 0 => Setting.Plain, 1 => Setting.Force, _ => 77 })));
        var lines = string.Join('\n', NixDocument.Render(document).Select(line => line.Text));

        Assert.Equal(document, SettingsDocument.Of(NixReader.Settings(lines, path => path.Parts.Length == 2)));
        await File.WriteAllTextAsync(Path.Combine(_nix.Folder, "settings.nix"), $"{{ lib, ... }}: {{\n{lines}\n}}\n");
        using var told = await _nix.JsonAsync($$"""import {{NixEvaluation.LabOptions}}/batch.nix { type = "anything"; count = {{Values}}; folder = {{_nix.Folder}}; }""");
        Assert.Equal(values, told.RootElement.EnumerateArray().Select(Read));
    }

    [Fact]
    public async Task Only_an_expression_is_evaluated()
    {
        _nix.Write(SettingsDocument.Of(
        [
            new Setting(OptionPath.Of("batch", "v0"), new NixText("${toString (1 + 1)}")),
            new Setting(OptionPath.Of("batch", "v1"), new NixExpression("\"${toString (1 + 1)} ${pkgs.htop.name}\"")),
            new Setting(OptionPath.Of("batch", "v2"), NixSet.Of([new("$expression", new NixText("0123456789abcdef")), new("$", NixNull.Value)])),
            new Setting(OptionPath.Of("batch", "v3"), NixSet.Of([new("$package", new NixList([new NixText("htop")]))])),
        ]));
        using var told = await _nix.JsonAsync($$"""import {{NixEvaluation.LabOptions}}/batch.nix { type = "anything"; count = 4; folder = {{_nix.Folder}}; }""");

        Assert.Equal("""["${toString (1 + 1)}","2 htop",{"=$":null,"=$expression":"0123456789abcdef"},{"=$package":["htop"]}]""", told.RootElement.GetRawText());
    }

    [Fact]
    public async Task An_expression_may_say_when_it_holds_and_how_strong_it_is()
    {
        _nix.Write(SettingsDocument.Of(
        [
            new Setting(OptionPath.Of("batch", "v0"), new NixExpression("lib.mkIf true [ 1 ]")),
            new Setting(OptionPath.Of("batch", "v1"), new NixExpression("lib.mkMerge [ [ 1 ] (lib.mkIf false [ 2 ]) (lib.mkIf true [ 3 ]) ]")),
            new Setting(OptionPath.Of("batch", "v2"), new NixExpression("lib.mkForce [ 4 ]")),
            new Setting(OptionPath.Of("batch", "v3"), new NixExpression("lib.mkIf true (lib.mkDefault [ 5 ])"), Setting.Force),
            new Setting(OptionPath.Of("batch", "v4"), new NixExpression("lib.mkIf true [ 6 ]"), Setting.Default),
        ]));
        using var told = await _nix.JsonAsync($$"""import {{NixEvaluation.LabOptions}}/batch.nix { type = "list"; count = 5; folder = {{_nix.Folder}}; }""");

        Assert.Equal("[[1],[1,3],[4],[5],[6]]", told.RootElement.GetRawText());
    }

    [Fact]
    public async Task A_hostile_text_of_a_million_characters_comes_back_as_it_was_and_one_more_is_refused()
    {
        const string Hostile = "${builtins.abort \"x\"}''${x}\"; y = \\\n\t\u0001\u2028€😀";
        var longest = string.Concat(Enumerable.Repeat(Hostile, 1_048_576 / Hostile.Length));
        _nix.Write(SettingsDocument.Of([new Setting(OptionPath.Of("batch", "v0"), new NixText(longest)), new Setting(OptionPath.Of("batch", "v1"), NixSet.Of([new(Hostile, NixNull.Value)]))]));
        using var told = await _nix.JsonAsync($$"""import {{NixEvaluation.LabOptions}}/batch.nix { type = "anything"; count = 2; folder = {{_nix.Folder}}; }""");

        Assert.Equal(new NixText(longest), Read(told.RootElement[0]));
        Assert.Equal(NixSet.Of([new(Hostile, NixNull.Value)]), Read(told.RootElement[1]));
        Assert.NotEmpty(ValueCheck.Faults(new TextType(), new NixText(new string('x', 1_048_577)), OptionPath.Of("x"), _ => [], _ => false));
    }

    [Theory]
    [InlineData('\0')]
    [InlineData('\ud83d')]
    public void A_text_that_Nix_could_not_hold_is_refused_wherever_it_stands(char odd)
    {
        var text = $"before {odd} after";
        IReadOnlyList<ValueFault> Faults(NixValue value) => ValueCheck.Faults(new AnyType(), value, OptionPath.Of("x"), _ => [], _ => false);

        Assert.NotEmpty(Faults(new NixText(text)));
        Assert.NotEmpty(Faults(new NixList([new NixText(text)])));
        Assert.NotEmpty(Faults(NixSet.Of([new(text, NixNull.Value)])));
        Assert.NotEmpty(Faults(new NixExpression(text)));
        Assert.NotEmpty(Faults(new NixPackage([text])));
        Assert.False(OptionPath.TryFrom(["batch", text], out _, out _));
    }

    [Theory]
    [InlineData("""{"format":1,"settings":[{"path":["batch","v0"],"value":{"$expression":"../../etc/passwd"}}]}""", "cannot be one of ours")]
    [InlineData("""{"format":1,"settings":[{"path":["batch","v0"],"value":{"_type":"override","priority":1,"content":2}}]}""", "_type")]
    [InlineData("""{"format":1,"settings":[{"path":["_module","args","pkgs"],"value":{}}]}""", "module system's own")]
    [InlineData("""{"format":1,"settings":[{"path":["batch","_type"],"value":"if"}]}""", "module system's own")]
    [InlineData("""{"format":2,"settings":[]}""", "format")]
    [InlineData("""{"format":1,"settings":[{"path":["batch","v0"],"value":{"$package":["nothing"]}}]}""", "There is no package pkgs.nothing")]
    [InlineData("""{"format":1,"settings":[{"path":["batch","v0"],"value":1,"priority":"x"}]}""", "priority")]
    public async Task A_document_that_somebody_tampered_with_is_refused_by_the_module_itself(string json, string words)
    {
        _nix.Write(SettingsDocument.Empty);
        await File.WriteAllTextAsync(Path.Combine(_nix.Folder, SettingsFiles.Name), json);
        var (status, _, errors) = await _nix.TryAsync($$"""import {{NixEvaluation.LabOptions}}/batch.nix { type = "anything"; count = 1; folder = {{_nix.Folder}}; }""");

        Assert.NotEqual(0, status);
        Assert.Contains(words, errors, StringComparison.Ordinal);
    }

    private static NixValue Read(JsonElement told) => told.ValueKind switch
    {
        JsonValueKind.Array => new NixList([.. told.EnumerateArray().Select(Read)]),
        JsonValueKind.Object when told.TryGetProperty("$float", out var parts) => new NixFloat(Math.ScaleB(parts[0].GetInt64(), parts[1].GetInt32())),
        JsonValueKind.Object when told.TryGetProperty("$package", out var package) => new NixPackage([.. package.GetString()!.Split('.')]),
        JsonValueKind.Object => NixSet.Of(told.EnumerateObject().Select(member => KeyValuePair.Create(member.Name[1..], Read(member.Value)))),
        JsonValueKind.True or JsonValueKind.False => new NixBool(told.GetBoolean()),
        JsonValueKind.Number => new NixInteger(told.GetInt64()),
        JsonValueKind.String => new NixText(told.GetString()!),
        _ => NixNull.Value,
    };
}
