using System.Text;
using OsModa.Core.Configuration;
using Xunit;

namespace OsModa.Tests.Configuration;

public sealed class ValueCheckTests
{
    private static readonly OptionPath Place = OptionPath.Of("here");

    private static readonly Option[] Person =
    [
        new Option { Path = OptionPath.Of("here", "name"), Type = new TextType(NotEmpty: true) },
        new Option { Path = OptionPath.Of("here", "log", "level"), Type = new IntegerType(0, 7) },
        new Option { Path = OptionPath.Of("here", "far", "further", "in"), Type = new BoolType() },
    ];

    public static TheoryData<OptionType, NixValue, string> Wrong => new()
    {
        { new BoolType(), new NixText("true"), "This is on or off." },
        { new IntegerType(1, 10), new NixInteger(11), "Enter a whole number between 1 and 10." },
        { new IntegerType(1, 10), new NixFloat(2), "Enter a whole number between 1 and 10." },
        { new FloatType(), new NixInteger(1), "Enter a number with a point, such as 0.5." },
        { new NumberType(0, AboveZero: true), new NixInteger(0), "Enter a number above 0." },
        { new TextType("[a-z]+"), new NixText("abc1"), "This has to match [a-z]+ as a whole." },
        { new TextType(OneLine: true), new NixText("a\nb"), "This is a single line." },
        { new TextType(), new NixText("a\0b"), "Nix has no texts with a NUL character in them; it would cut this one off there." },
        { new TextType(), new NixText("\ud800"), "This text has half of a character in it." },
        { new PathType(), new NixText("etc"), "Enter a path that begins with a slash." },
        { new EnumType([new NixText("a"), new NixInteger(2)]), new NixText("2"), "Choose one of \"a\", 2." },
        { new PackageType(), new NixText("/nix/store/x"), "Choose a package." },
        { new NullableType(new IntegerType()), new NixText(""), "Enter a whole number." },
        { new EitherType([new IntegerType(), new BoolType()]), new NixText(""), "Enter a whole number. Or: This is on or off." },
        { new CodeType("functionTo"), new NixInteger(1), "This takes code, not data. Write it as an expression of Nix." },
        // A path as text would be read as a module, which is code.
        { new SubmoduleType(true, null), new NixText("/etc/evil.nix"), "This is a set of names with their values." },
        { new EitherType([new SubmoduleType(true, null), new PathType()]), new NixText("/etc/evil.nix"), "This is a set of names with their values." },
        { new AnyType(), new NixFloat(double.NaN), "Nix has no number for infinity." },
        { new AnyType(), new NixOther("function"), "What stands here is no data. Write it as an expression of Nix." },
        { new AnyType(), new NixExpression(" "), "Enter an expression of Nix." },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_value_that_does_not_fit_gets_a_sentence(OptionType type, NixValue value, string sentence) =>
        Assert.Equal(sentence, Assert.Single(ValueCheck.Faults(type, value, Place, Fields, LeadsOn)).Sentence);

    [Fact]
    public void A_fault_further_in_says_where()
    {
        var value = NixSet.Of([new("name", new NixText(" ")), new("log", NixSet.Of([new("level", new NixInteger(9))])), new("extra", NixNull.Value)]);

        Assert.Equal(
            [("extra", "There is no option 'extra' here."), ("log.level", "Enter a whole number between 0 and 7."), ("name", "Enter a text; it cannot be empty.")],
            ValueCheck.Faults(new SubmoduleType(true, null), value, Place, Fields, LeadsOn).Select(fault => (string.Join('.', fault.Within), fault.Sentence)));
    }

    [Fact]
    public void A_name_that_leads_to_options_further_in_is_known_though_none_is_directly_below_it()
    {
        static NixSet Far(string name) => NixSet.Of([new("far", NixSet.Of([new("further", NixSet.Of([new(name, new NixBool(true))]))]))]);

        Assert.Empty(ValueCheck.Faults(new SubmoduleType(true, null), Far("in"), Place, Fields, LeadsOn));
        Assert.Equal("There is no option 'out' here.", Assert.Single(ValueCheck.Faults(new SubmoduleType(true, null), Far("out"), Place, Fields, LeadsOn)).Sentence);
    }

    [Fact]
    public void Members_that_are_not_declared_are_checked_whatever_the_format_wraps_them_in()
    {
        var json = new NullableType(new EitherType([new BoolType(), new AttributesType(new IntegerType())]));
        static NixSet Member(NixValue value) => NixSet.Of([new("free", value)]);

        Assert.Empty(ValueCheck.Faults(new SubmoduleType(true, json), Member(new NixInteger(1)), Place, Fields, LeadsOn));
        Assert.Equal(["free"], Assert.Single(ValueCheck.Faults(new SubmoduleType(true, json), Member(new NixText("x")), Place, Fields, LeadsOn)).Within);
        Assert.Empty(ValueCheck.Faults(new SubmoduleType(true, new AnyType()), Member(new NixText("x")), Place, Fields, LeadsOn));
    }

    [Fact]
    public void A_sub_module_whose_options_are_not_told_takes_members_of_any_name()
    {
        var type = Assert.Single(OptionsJson.Read(Encoding.UTF8.GetBytes("""[{"loc":["here"],"untold":true,"type":{"kind":"attrsOf","sub":{"elemType":{"kind":"submodule","data":true}}}}]"""))).Type;

        Assert.Equal(new AttributesType(new SubmoduleType(true, new AnyType())), type);
        Assert.Empty(ValueCheck.Faults(type, NixSet.Of([new("one", NixSet.Of([new("x", new NixInteger(1))]))]), OptionPath.Of("there"), Fields, LeadsOn));
    }

    [Theory]
    [InlineData("imports")]
    [InlineData("config")]
    [InlineData("options")]
    [InlineData("_module")]
    public void Names_that_would_make_a_module_of_a_value_are_refused_where_it_is_taken_as_one(string name)
    {
        var value = NixSet.Of([new(name, new NixList([new NixText("/etc/evil.nix")]))]);

        Assert.Equal([name], Assert.Single(ValueCheck.Faults(new SubmoduleType(false, new AttributesType(new AnyType())), value, Place, Fields, LeadsOn)).Within);
        Assert.Empty(ValueCheck.Faults(new SubmoduleType(true, new AttributesType(new AnyType())), value, Place, Fields, LeadsOn));
    }

    [Fact]
    public void A_set_that_says_what_it_is_to_the_module_system_is_refused_everywhere() => Assert.Equal(
        ["0", "_type"],
        Assert.Single(ValueCheck.Faults(new AnyType(), new NixList([NixSet.Of([new("_type", new NixText("override"))])]), Place, Fields, LeadsOn)).Within);

    [Fact]
    public void A_member_without_a_name_is_refused() => Assert.Equal(
        "Give this a name.",
        Assert.Single(ValueCheck.Faults(new AnyType(), NixSet.Of([new("", new NixBool(true))]), Place, Fields, LeadsOn)).Sentence);

    [Fact]
    public void Nesting_ends_somewhere()
    {
        NixValue deep = NixNull.Value;
        for (var i = 0; i < 2_000; i++)
        {
            deep = new NixList([deep]);
        }

        Assert.Contains("levels deep", Assert.Single(ValueCheck.Faults(new AnyType(), deep, Place, Fields, LeadsOn)).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_is_taken_where_it_comes_before_a_sub_module() =>
        Assert.Empty(ValueCheck.Faults(new EitherType([new PathType(), new SubmoduleType(true, null)]), new NixText("/srv"), Place, Fields, LeadsOn));

    [Fact]
    public void An_expression_may_stand_anywhere() =>
        Assert.Empty(ValueCheck.Faults(new ListType(new IntegerType()), new NixList([new NixInteger(1), new NixExpression("config.x")]), Place, Fields, LeadsOn));

    private static bool LeadsOn(OptionPath place) => Person.Any(o => o.Path.Parts.Length > place.Parts.Length && o.Path.IsWithin(place));

    private static IReadOnlyList<Option> Fields(OptionPath place) => [.. Person.Where(o => o.Path.Parts.Length == place.Parts.Length + 1 && o.Path.IsWithin(place))];
}
