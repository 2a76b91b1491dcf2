using System.Collections.Immutable;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OsModa.Core.Configuration;

namespace OsModa.Tests.Configuration;

/// <summary>Random values that a type takes.</summary>
internal static class RandomValues
{
    private static readonly string[] Hostile =
    [
        "", "${", "${builtins.readFile /etc/passwd}", "$${x}", "\\${x}", "''", "''${x}''", "'''", "\"; x = 1; \"", "\\", "\\\"", "$", "$$", "$package", "/* ", "# no comment",
        "\n", "\r\n", "\t", "a\nb", "  indented\n  twice\n", "\u0001\u001b[31m", "\u007f", "ü€😀", "\u202e", "\u2028", "a\u0301", "<nixpkgs>", "~/x", "./x", "builtins.abort \"x\"", "null", "true", "1", "1.0", "{ }", "[ ]", "x: x", "'",
        " ", "end\\", "\n\n", " a\n  b", "x''\ny", "a\n''b${c}", "\n ", "a\n\n\nb\n", "_type", "-1",
    ];

    private static readonly string[] Packages = ["htop", "nginx", "python3Packages.requests"];

    public static Gen<string> Text { get; } = Gen.OneOf(
        Gen.Elements(Hostile),
        Gen.Elements(Hostile).Two().Select(two => two.Item1 + two.Item2),
        Gen.Elements("abcxyz ABC09_-'\"\\$${}()[]<>\n\t\r./~#*:;=@,äß€😀\u0001\u00a0\ufeff".EnumerateRunes().Select(rune => rune.ToString()).ToArray()).ListOf().Select(string.Concat));

    public static Gen<NixValue> Of(OptionType type, Func<OptionPath, IReadOnlyList<Option>> fields, OptionPath place) => type switch
    {
        BoolType => Gen.Elements(true, false).Select(NixValue (yes) => new NixBool(yes)),
        IntegerType(var least, var most) => Integer(least ?? long.MinValue, most ?? long.MaxValue),
        FloatType => Float,
        NumberType({ } least, { } most, _) => Gen.Choose(0, 1_000).Select(NixValue (part) => part == 1 ? new NixInteger((long)Math.Ceiling(least)) : new NixFloat(least + ((most - least) * part / 1_000))),
        TextType { Pattern: not null } => Gen.Elements("a", "abc-12", "zzzzzzzz-0").Select(NixValue (text) => new NixText(text)),
        TextType { NoColons: true } => Text.Select(NixValue (text) => new NixText(text.Replace('\n', ' ').Replace('\r', ' ').Replace(':', ';'))),
        TextType { OneLine: true } => Text.Select(NixValue (text) => new NixText(text.Replace('\n', ' ').Replace('\r', ' '))),
        TextType { NotEmpty: true } => Text.Select(NixValue (text) => new NixText(text + "x")),
        TextType => Text.Select(NixValue (text) => new NixText(text)),
        PathType => Text.Select(NixValue (text) => new NixText("/" + text)),
        EnumType(var values) => Gen.Elements(values.ToArray()),
        PackageType => Gen.Elements(Packages).Select(NixValue (name) => new NixPackage([.. name.Split('.')])),
        ListType(var element, var filled) => Few(Of(element, fields, place.Below("*")), filled ? 1 : 0).Select(NixValue (items) => new NixList([.. items])),
        AttributesType(var element, var placeholder) => Set(Of(element, fields, place.Below($"<{placeholder}>"))),
        NullableType(var element) => Gen.OneOf(Gen.Constant<NixValue>(NixNull.Value), Of(element, fields, place)),
        EitherType(var choices) => Gen.OneOf(choices.Select(choice => Of(choice, fields, place))),
        CoercedType(_, var to) => Of(to, fields, place),
        UnionType => Gen.OneOf(fields(place).Select(kind => Of(kind.Type, fields, kind.Path).Select(NixValue (value) => NixSet.Of([KeyValuePair.Create(kind.Path.Parts[^1], value)])))),
        SubmoduleType(_, var free) => Submodule(free, fields, place),
        AnyType => Any(3),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No values of this type."),
    };

    public static Gen<NixValue> Any(int depth)
    {
        var simple = Gen.OneOf(Gen.Constant<NixValue>(NixNull.Value), Gen.Elements<NixValue>(new NixBool(true), new NixBool(false)), Integer(long.MinValue, long.MaxValue), Float, Text.Select(NixValue (text) => new NixText(text)));
        return depth == 0 ? simple : Gen.OneOf(simple, Few(Any(depth - 1)).Select(NixValue (items) => new NixList([.. items])), Set(Any(depth - 1)));
    }

    private static Gen<NixValue> Float { get; } = Gen.OneOf(
        Gen.Elements(0.0, 1.0, -1.0, 0.1, 1e300, -1e-300, 2.2250738585072014E-308, double.MaxValue, double.MinValue, 1e16, 123456789.123456789, 9007199254740993.0),
        Gen.Choose(int.MinValue, int.MaxValue).Two().Select(two => two.Item1 / (two.Item2 == 0 ? 1.0 : two.Item2)),
        Gen.Choose(int.MinValue, int.MaxValue).Two().Select(two => BitConverter.Int64BitsToDouble(((long)two.Item1 << 32) | (uint)two.Item2)).Where(real => double.IsNormal(real)))
        .Select(NixValue (real) => new NixFloat(real));

    private static Gen<NixValue> Integer(long least, long most) => Gen.OneOf(
        Gen.Elements(least, most, Math.Clamp(0, least, most), Math.Clamp(-1, least, most), Math.Clamp(1L << 53, least, most)),
        Gen.Choose(int.MinValue, int.MaxValue).Select(whole => Math.Clamp(whole, least, most))).Select(NixValue (whole) => new NixInteger(whole));

    private static Gen<List<T>> Few<T>(Gen<T> of, int least = 0) => Gen.Choose(least, 4).SelectMany(count => of.ListOf(count)).Select(items => items.ToList());

    private static Gen<NixValue> Set(Gen<NixValue> of) =>
        Few(Text.Where(name => name.Length > 0 && name != "_type").SelectMany(name => of.Select(value => KeyValuePair.Create(name, value))))
            .Select(NixValue (members) => NixSet.Of(members.DistinctBy(member => member.Key, StringComparer.Ordinal)));

    // All declared options are given, so that nothing comes back as a default.
    private static Gen<NixValue> Submodule(OptionType? free, Func<OptionPath, IReadOnlyList<Option>> fields, OptionPath place)
    {
        var given = Gen.Constant(free as AttributesType)
            .SelectMany(members => members is null ? Gen.Constant<NixValue>(NixSet.Empty) : Set(Of(members.Element, fields, place.Below($"<{members.Placeholder}>"))));
        return fields(place).Aggregate(given, (so, field) => so.SelectMany(set => Of(field.Type, fields, field.Path)
            .Select(NixValue (value) => new NixSet(((NixSet)set).Members.SetItem(field.Path.Parts[^1], value)))));
    }
}
