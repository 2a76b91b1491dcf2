using OsModa.Core.Configuration;
using Xunit;

namespace OsModa.Tests.Configuration;

/// <summary>Nix beside the form, and Nix that people paste.</summary>
public sealed class NixTextTests
{
    private static readonly OptionPath Web = OptionPath.Of("services", "nginx");

    [Fact]
    public void What_begins_alike_stands_together_and_what_changed_is_marked()
    {
        var before = SettingsDocument.Of([new Setting(Web.Below("enable"), new NixBool(true)), new Setting(Web.Below("clientMaxBodySize"), new NixText("16m"))]);
        var after = before.With(new Setting(Web.Below("clientMaxBodySize"), new NixText("64m"))).With(new Setting(OptionPath.Of("boot", "loader", "timeout"), new NixInteger(-1), Setting.Force))
            .With(new Setting(Web.Below("virtualHosts").Below("a.org").Below("root"), new NixText("/srv")));

        Assert.Equal(
            """
            > boot.loader.timeout = lib.mkForce (-1);
              services.nginx = {
            >   clientMaxBodySize = "64m";
                enable = true;
            >   virtualHosts."a.org".root = "/srv";
              };
            """,
            string.Join('\n', NixDocument.Render(after, before).Select(line => (line.IsChanged ? "> " : "  ") + line.Text)));
    }

    [Theory]
    [InlineData("{ pkgs, lib, ... }: { services.web = { enable = true; packages = with pkgs; [ htop python3Packages.requests ]; }; }")]
    [InlineData("services.web.enable = true; services.web.packages = [ pkgs.htop pkgs.python3Packages.requests ];")]
    [InlineData("# mine\n{ services = { web.enable = /* yes */ true; web.\"packages\" = [ pkgs.\"htop\" pkgs.python3Packages.requests ]; }; }")]
    public void Pasted_Nix_fills_the_fields(string text)
    {
        var settings = NixReader.Settings(text, path => path.Parts is ["services", "web", "enable" or "packages"]);

        Assert.Equal(
            [
                new Setting(OptionPath.Of("services", "web", "enable"), new NixBool(true)),
                new Setting(OptionPath.Of("services", "web", "packages"), new NixList([new NixPackage(["htop"]), new NixPackage(["python3Packages", "requests"])])),
            ],
            settings);
    }

    [Theory]
    [InlineData("x = 1 + 1;", "Line 1: '+' stands where ';' is expected.")]
    [InlineData("\nx = config.y;", "Line 2: 'config.y' would have to be evaluated.")]
    [InlineData("x = \"${y}\";", "Line 1: a text with ${…} in it would have to be evaluated. Write \\${ for the characters themselves.")]
    [InlineData("x = [ 1", "Line 1: the end comes before a closing ].")]
    [InlineData("x = \"abc", "Line 1: a text that begins here does not end.")]
    [InlineData("y.z = 1;", "Line 1: there is no option y.z.")]
    [InlineData("x = 1; x = 2;", "x is set twice.")]
    [InlineData("x = ./file;", "Line 1: '.' is no plain value.")]
    [InlineData("x = 99999999999999999999;", "Line 1: '99999999999999999999' is too large a number.")]
    public void What_is_no_plain_data_is_told_with_its_line(string text, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<FormatException>(() => NixReader.Settings(text, path => path.Text == "x")).Message);

    [Fact]
    public void Nesting_without_end_is_refused() =>
        Assert.Throws<FormatException>(() => NixReader.Value(new string('[', 100_000)));

    [Fact]
    public void Any_number_of_with_needs_no_more_of_the_stack() =>
        Assert.Equal(new NixPackage(["htop"]), NixReader.Value(string.Concat(Enumerable.Repeat("with pkgs; ", 80_000)) + "htop"));

    [Theory]
    [InlineData("1")]
    [InlineData("''\n  one\n  two\n''")]
    public void Lists_within_lists_are_written_in_as_many_steps_as_they_have_levels(string innermost)
    {
        var deep = NixReader.Value(innermost);
        for (var i = 1; i < NixValue.DeepestNesting; i++)
        {
            deep = new NixList([deep]);
        }

        Assert.Equal(deep, NixReader.Value(string.Join('\n', NixWriter.Lines(deep))));
    }

    [Fact]
    public void A_comment_at_the_end_of_an_expression_takes_no_bracket_with_it()
    {
        var value = NixSet.Of([new("packages", new NixList([new NixExpression("pkgs.htop # newer"), new NixInteger(1)]))]);

        Assert.Null(NixBrackets.Fault(NixWriter.Inline(value)));
        Assert.Equal(["{", "  packages = [", "    (", "    pkgs.htop # newer", "    )", "    1", "  ];", "}"], NixWriter.Lines(value));
        Assert.Equal(["x = (", "  1 # one", ");"], NixDocument.Render(SettingsDocument.Of([new Setting(OptionPath.Of("x"), new NixExpression("  1 # one"))])).Select(line => line.Text));
    }

    [Theory]
    [InlineData("list of 16 bit unsigned integer; between 0 and 65535 (both inclusive)", typeof(ListType))]
    [InlineData("null or (list of string)", typeof(NullableType))]
    [InlineData("attribute set of (submodule)", typeof(AttributesType))]
    [InlineData("string or signed integer convertible to it", typeof(CoercedType))]
    [InlineData("open submodule of attribute set of (boolean or string)", typeof(SubmoduleType))]
    [InlineData("open submodule of (JSON value)", typeof(SubmoduleType))]
    [InlineData("attribute-tagged union with choices: a, b", typeof(UnionType))]
    [InlineData("absolute path not in the Nix store", typeof(PathType))]
    [InlineData("relative path", typeof(TextType))]
    [InlineData("absolute path, not containing newlines or colons", typeof(PathType))]
    [InlineData("string, not containing newlines or colons", typeof(TextType))]
    [InlineData("boolean or string or absolute path", typeof(EitherType))]
    [InlineData("one of \"a\", \"b\", 3", typeof(EnumType))]
    [InlineData("string matching the pattern a or b", typeof(TextType))]
    [InlineData("strings concatenated with \"\\n\"", typeof(TextType))]
    [InlineData("lorem ipsum", typeof(OtherType))]
    public void Types_are_read_out_of_the_words_of_the_manual(string words, Type type) => Assert.IsType(type, EnglishType.Read(words));

    [Theory]
    [InlineData("passwdEntry path", typeof(PathType))]
    [InlineData("passwdEntry str", typeof(TextType))]
    public void An_entry_of_passwd_that_is_a_path_has_to_be_one(string kind, Type type) =>
        Assert.IsType(type, Assert.Single(OptionsJson.Read(System.Text.Encoding.UTF8.GetBytes($$"""[{"loc":["here"],"type":{"kind":"{{kind}}" } }]"""))).Type);

    [Fact]
    public void The_manual_gives_options_where_nothing_can_be_evaluated()
    {
        var option = Assert.Single(OptionsManual.Read("""
            {"services.openssh.ports":{"declarations":["/nix/store/x/sshd.nix"],"default":{"_type":"literalExpression","text":"[ 22 ]"},"description":"Ports.","loc":["services","openssh","ports"],"readOnly":false,
            "type":"list of 16 bit unsigned integer; between 0 and 65535 (both inclusive)"},"bad":7}
            """u8.ToArray()));

        Assert.Equal(("services.openssh.ports", new ListType(new IntegerType(0, 65535)), "Ports.", "[ 22 ]"), (option.Path.Text, option.Type, option.About, option.Default?.Text));
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{}")]
    [InlineData("7")]
    public void A_schema_that_is_none_is_refused(string json) => Assert.Throws<FormatException>(() => OptionsJson.Read(System.Text.Encoding.UTF8.GetBytes(json)).ToList());

    [Fact]
    public void Options_that_make_no_sense_are_left_out_of_a_schema() => Assert.Equal(
        ["good"],
        OptionsJson.Read("""[{},7,{"loc":[],"type":{}},{"loc":["a"],"type":7},{"loc":["\ud800"],"type":{}},{"loc":["x\u0000"],"type":{}},{"loc":["good"],"type":{"kind":"enum","values":7,"sub":[]}}]"""u8.ToArray()).Select(o => o.Path.Text));

    [Theory]
    [InlineData("""{"format":1,"settings":[{"path":["a"],"value":1},{"path":["a"],"value":2}]}""", "a twice")]
    [InlineData("""{"format":1,"settings":[{"path":["a"],"value":1,"value":2}]}""", "not what the form writes")]
    [InlineData("""{"format":1,"settings":[{"path":["a"],"value":{"$new":1}}]}""", "$new")]
    [InlineData("""{"format":1,"settings":[{"path":["a"],"value":{"$expression":"none"}}]}""", "missing")]
    [InlineData("""{"format":1,"settings":[{"path":[],"value":1}]}""", "parts")]
    [InlineData("""{"format":2}""", "format 1")]
    public void A_document_written_wrongly_by_hand_is_told(string json, string words) =>
        Assert.Contains(words, Assert.Throws<FormatException>(() => SettingsReader.Read(System.Text.Encoding.UTF8.GetBytes(json), _ => null)).Message, StringComparison.Ordinal);
}
