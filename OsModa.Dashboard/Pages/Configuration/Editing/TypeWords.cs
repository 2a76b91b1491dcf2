using OsModa.Core.Configuration;

namespace OsModa.Dashboard.Pages.Configuration.Editing;

/// <summary>Types and values in the words of the form.</summary>
public static class TypeWords
{
    private const int LongestValue = 60, LongestPattern = 100;

    /// <summary>What kind of thing is entered, to choose among several.</summary>
    public static string Kind(OptionType type) => type switch
    {
        BoolType => "on or off",
        IntegerType => "whole number",
        FloatType or NumberType => "number",
        TextType { Separator: "\n" } => "lines",
        TextType => "text",
        PathType => "path",
        EnumType => "one of a few",
        PackageType => "package",
        ListType => "list",
        AttributesType or SubmoduleType or UnionType => "set",
        NullableType(var element) => Kind(element),
        CoercedType(_, var to) => Kind(to),
        EitherType => "one of several",
        CodeType => "code",
        _ => "any value",
    };

    /// <summary>What may be entered, in a sentence; null where there is nothing to say.</summary>
    public static string? Bounds(OptionType type) => type switch
    {
        IntegerType({ } least, { } most) => $"Between {least:N0} and {most:N0}.",
        IntegerType({ } least, null) => $"At least {least:N0}.",
        IntegerType(null, { } most) => $"At most {most:N0}.",
        NumberType { AboveZero: true } => "Above 0.",
        NumberType({ } least, { } most, _) => $"Between {least} and {most}.",
        NumberType({ } least, null, _) => $"At least {least}.",
        TextType { Pattern: { Length: <= LongestPattern } pattern } => $"Matches {pattern} as a whole.",
        TextType { NoColons: true } => "No colons.",
        PathType { InStore: true } => "A path in /nix/store.",
        PathType => "A path begins with a slash.",
        NullableType(var element) => Bounds(element),
        _ => null,
    };

    /// <summary>A value in a few words, for hints.</summary>
    public static string Short(NixValue value) => value switch
    {
        NixBool(var on) => on ? "on" : "off",
        NixNull => "none",
        NixText("") => "empty",
        NixText(var text) => Cut(text.ReplaceLineEndings(" ")),
        NixInteger(var whole) => $"{whole}",
        NixList({ IsEmpty: true }) or NixSet { Members.IsEmpty: true } => "none",
        NixList(var items) => items.Length > 3 ? $"{items.Length} entries" : Cut(string.Join(", ", items.Select(Short))),
        NixSet(var members) => members.Count > 3 ? $"{members.Count} entries" : Cut(string.Join(", ", members.Keys)),
        NixPackage(var path) => string.Join('.', path),
        NixOther("package", { } name) => name,
        NixOther("function", _) => "a function",
        NixOther("error", _) => "not known",
        NixOther("secret", _) => "a secret, not shown",
        NixOther => "not shown here",
        _ => Cut(NixWriter.Inline(value).ReplaceLineEndings(" ")),
    };

    /// <summary>A value to begin with, for a type.</summary>
    public static NixValue First(OptionType type) => type switch
    {
        BoolType => new NixBool(true),
        IntegerType(var least, var most) => new NixInteger(least is > 0 ? least.Value : most is < 0 ? most.Value : 0),
        FloatType or NumberType => new NixFloat(1),
        EnumType({ IsEmpty: false } values) => values[0],
        ListType => new NixList([]),
        AttributesType or SubmoduleType or UnionType or AnyType { OnlySets: true } => NixSet.Empty,
        NullableType(var element) => First(element),
        CoercedType(_, var to) => First(to),
        EitherType({ IsEmpty: false } choices) => First(choices[0]),
        PathType => new NixText("/"),
        CodeType => new NixExpression(""),
        _ => new NixText(""),
    };

    private static string Cut(string text) => text.Length > LongestValue ? text[..LongestValue] + "…" : text;
}
