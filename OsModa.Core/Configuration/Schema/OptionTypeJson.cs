using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace OsModa.Core.Configuration;

/// <summary>Reads the structure of a type as schema.nix tells it. Anything odd becomes a type of which nothing is known, never an error.</summary>
internal static partial class OptionTypeJson
{
    private const string PatternWords = "string matching the pattern ", StoreWords = " in the Nix store";

    public static OptionType Read(JsonElement type)
    {
        var kind = Text(type, "kind") ?? "unspecified";
        var says = Text(type, "says") ?? "";
        // Names may have their argument behind them: strMatching "[a-z]*", passwdEntry str.
        return kind.Split(' ', 2)[0] switch
        {
            "bool" => new BoolType(),
            "boolByOr" => new BoolType(ByOr: true),
            "int" => new IntegerType(),
            "intBetween" or "unsignedInt8" or "unsignedInt16" or "unsignedInt32" or "signedInt8" or "signedInt16" or "signedInt32" => Between(says),
            "unsignedInt" => new IntegerType(0),
            "positiveInt" => new IntegerType(1),
            "float" => new FloatType(),
            "numberBetween" => NumberBetween(says),
            "numberNonnegative" => new NumberType(0),
            "numberPositive" => new NumberType(0, AboveZero: true),
            "str" or "string" => new TextType(),
            "nonEmptyStr" => new TextType(NotEmpty: true),
            "singleLineStr" => new TextType(OneLine: true),
            "strMatching" => new TextType(Text(type, "pattern") ?? (says.StartsWith(PatternWords, StringComparison.Ordinal) ? says[PatternWords.Length..] : null)),
            "passwdEntry" when kind.EndsWith(" path", StringComparison.Ordinal) => new PathType(),
            "passwdEntry" => new TextType(NoColons: true, OneLine: true),
            "separatedString" or "lines" or "commas" or "envVar" => new TextType(Separator: Text(type, "sep") ?? "\n"),
            "path" when says.StartsWith("relative ", StringComparison.Ordinal) => new TextType(),
            "path" or "pathInStore" => new PathType(InStore: kind == "pathInStore" || (says.EndsWith(StoreWords, StringComparison.Ordinal) && !says.EndsWith($"not{StoreWords}", StringComparison.Ordinal))),
            "enum" => Enum(type),
            "package" or "shellPackage" => new PackageType(),
            "listOf" or "nonEmptyListOf" => new ListType(Nested(type, "elemType"), says.StartsWith("non-empty ", StringComparison.Ordinal)),
            "attrsOf" or "lazyAttrsOf" or "loaOf" or "attrsWith" => new AttributesType(Nested(type, "elemType"), Text(type, "placeholder") ?? "name"),
            "nullOr" => new NullableType(Nested(type, "elemType")),
            "unique" or "uniq" => Nested(type, "elemType"),
            "either" => new EitherType([.. Choices(Nested(type, "left")), .. Choices(Nested(type, "right"))]),
            "coercedTo" => new CoercedType(Sub(type, "coercedType") is { } from ? Read(from) : null, Nested(type, "finalType")),
            "submodule" => new SubmoduleType(type.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.True, Sub(type, "freeformType") is { } free ? Read(free) : null),
            "attrTag" => new UnionType(),
            "attrs" => new AnyType(OnlySets: true),
            "anything" or "unspecified" or "raw" => new AnyType(),
            "functionTo" or "deferredModule" or "optionType" or "pkgs" => new CodeType(kind),
            _ => new OtherType(kind, says),
        };
    }

    internal static IntegerType Between(string says) =>
        Bounds().Match(says) is { Success: true } bounds
        && long.TryParse(bounds.Groups["least"].ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var least)
        && long.TryParse(bounds.Groups["most"].ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var most)
            ? new IntegerType(least, most)
            : new IntegerType();

    internal static NumberType NumberBetween(string says) =>
        Bounds().Match(says) is { Success: true } bounds
        && double.TryParse(bounds.Groups["least"].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out var least)
        && double.TryParse(bounds.Groups["most"].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out var most)
            ? new NumberType(least, most)
            : new NumberType();

    internal static IEnumerable<OptionType> Choices(OptionType type) => type is EitherType either ? either.Choices : [type];

    private static OptionType Enum(JsonElement type) => type.TryGetProperty("values", out var values) && values.ValueKind == JsonValueKind.Array
        ? new EnumType([.. values.EnumerateArray().Select(PlainJson.Read)])
        : new AnyType();

    private static OptionType Nested(JsonElement type, string name) => Sub(type, name) is { } nested ? Read(nested) : new AnyType();

    private static JsonElement? Sub(JsonElement type, string name) =>
        type.TryGetProperty("sub", out var sub) && sub.ValueKind == JsonValueKind.Object && sub.TryGetProperty(name, out var nested) && nested.ValueKind == JsonValueKind.Object ? nested : null;

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    [GeneratedRegex(@"between (?<least>-?[0-9.eE+\-]{1,30}) and (?<most>-?[0-9.eE+\-]{1,30}) \(both inclusive\)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Bounds();
}
