using System.Collections.Immutable;
using System.Globalization;

namespace OsModa.Core.Configuration;

/// <summary>
/// Types out of the sentences that nixpkgs makes of them (lib/types.nix, <c>description</c>). They lose things: where a sentence can be read
/// in two ways it becomes a type of which nothing is checked here.
/// </summary>
internal static class EnglishType
{
    private const string OneOf = "one of ", Value = "value ", Pattern = "string matching the pattern ", Concatenated = "strings concatenated with ", NoColons = ", not containing newlines or colons";

    public static OptionType Read(string words, int depth = 0)
    {
        var says = words.Trim();
        if (depth > 12)
        {
            return new OtherType("deep", says);
        }

        if (says is ['(', .. var inner, ')'] && Closes(says) == says.Length - 1)
        {
            return Read(inner, depth + 1);
        }

        return Simple(says) ?? Composed(says, depth) ?? Alternatives(says, depth) ?? new OtherType(says, says);
    }

    private static OptionType? Simple(string says) => says switch
    {
        "boolean" => new BoolType(),
        "boolean (merged using or)" => new BoolType(ByOr: true),
        "signed integer" => new IntegerType(),
        "unsigned integer, meaning >=0" => new IntegerType(0),
        "positive integer, meaning >0" => new IntegerType(1),
        "floating point number" => new FloatType(),
        "nonnegative integer or floating point number, meaning >=0" => new NumberType(0),
        "positive integer or floating point number, meaning >0" => new NumberType(0, AboveZero: true),
        "string" or "Concatenated string" => new TextType(),
        "non-empty string" => new TextType(NotEmpty: true),
        "(optionally newline-terminated) single-line string" => new TextType(OneLine: true),
        "path" or "absolute path" => new PathType(),
        "absolute path not in the Nix store" => new PathType(),
        "relative path" => new TextType(),
        "path in the Nix store" => new PathType(InStore: true),
        "package" => new PackageType(),
        "submodule" => new SubmoduleType(IsData: false, new AnyType()),
        "attribute-tagged union" => new UnionType(),
        "attribute set" => new AnyType(OnlySets: true),
        "anything" or "unspecified value" or "raw value" or "JSON value" => new AnyType(),
        "module" or "optionType" => new CodeType(says),
        _ when says.StartsWith("attribute-tagged union with choices: ", StringComparison.Ordinal) && !says.Contains(" or ", StringComparison.Ordinal) => new UnionType(),
        _ when says.EndsWith("(both inclusive)", StringComparison.Ordinal) && !says.Contains(" or ", StringComparison.Ordinal)
            && (char.IsAsciiDigit(says[0]) || says.StartsWith("integer between ", StringComparison.Ordinal)) => OptionTypeJson.Between(says),
        _ when says.StartsWith("integer or floating point number between ", StringComparison.Ordinal) => OptionTypeJson.NumberBetween(says),
        _ when says.StartsWith("function that evaluates to ", StringComparison.Ordinal) => new CodeType("functionTo"),
        _ => null,
    };

    private static OptionType? Composed(string says, int depth)
    {
        if (says.EndsWith(NoColons, StringComparison.Ordinal) && !says.StartsWith("null or ", StringComparison.Ordinal))
        {
            return says[..^NoColons.Length] is "path" or "absolute path" ? new PathType() : new TextType(NoColons: true, OneLine: true);
        }

        if (says.StartsWith(Concatenated, StringComparison.Ordinal) && Literals(says[Concatenated.Length..]) is [NixText separator])
        {
            return new TextType(Separator: separator.Value);
        }

        // A pattern may hold any words, "or" too: it is taken to the end.
        if (says.StartsWith(Pattern, StringComparison.Ordinal))
        {
            return new TextType(says[Pattern.Length..]);
        }

        if (says.StartsWith(OneOf, StringComparison.Ordinal) && Literals(says[OneOf.Length..]) is { } values)
        {
            return new EnumType([.. values]);
        }

        if (says.StartsWith(Value, StringComparison.Ordinal) && says.EndsWith(" (singular enum)", StringComparison.Ordinal)
            && Literals(says[Value.Length..^" (singular enum)".Length]) is { Length: 1 } single)
        {
            return new EnumType(single);
        }

        return After(says, "null or ") is { } some ? new NullableType(Read(some, depth + 1))
            : After(says, "list of ") is { } element ? new ListType(Read(element, depth + 1))
            : After(says, "non-empty (list of ") is { } filled && filled.EndsWith(')') ? new ListType(Read(filled[..^1], depth + 1), NotEmpty: true)
            : After(says, "attribute set of ") is { } member ? new AttributesType(Read(member, depth + 1))
            : After(says, "open submodule of ") is { } free ? new SubmoduleType(IsData: false, Read(free, depth + 1) is AttributesType members ? members : new AnyType())
            : After(says, "lazy attribute set of ") is { } lazy ? new AttributesType(Read(lazy, depth + 1))
            : null;
    }

    private static OptionType? Alternatives(string says, int depth)
    {
        for (var at = Or(says, 0); at > 0; at = Or(says, at + 1))
        {
            var (left, right) = (says[..at].TrimEnd(','), says[(at + 4)..]);
            if (After(right, "") is { } tail && tail.EndsWith(" convertible to it", StringComparison.Ordinal))
            {
                return new CoercedType(Read(tail[..^" convertible to it".Length], depth + 1), Read(left, depth + 1));
            }

            if (Read(left, depth + 1) is { } first and not OtherType)
            {
                return new EitherType([.. OptionTypeJson.Choices(first), .. OptionTypeJson.Choices(Read(right, depth + 1))]);
            }
        }

        return null;
    }

    // The next " or " that is in no brackets and no quotes.
    private static int Or(string says, int from)
    {
        var (open, quoted) = (0, false);
        for (var i = 0; i < says.Length; i++)
        {
            quoted ^= says[i] == '"' && (i == 0 || says[i - 1] != '\\');
            open += quoted ? 0 : says[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (i >= from && open == 0 && !quoted && says.AsSpan(i).StartsWith(" or "))
            {
                return i;
            }
        }

        return -1;
    }

    private static int Closes(string says)
    {
        var open = 0;
        for (var i = 0; i < says.Length; i++)
        {
            open += says[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (open == 0)
            {
                return i;
            }
        }

        return -1;
    }

    private static string? After(string says, string words) => says.StartsWith(words, StringComparison.Ordinal) ? says[words.Length..] : null;

    // "a", "b", 3, true: nothing else, or null. Strings are not escaped there, so one with quotes in it cannot be read.
    private static ImmutableArray<NixValue>? Literals(string list)
    {
        var values = ImmutableArray.CreateBuilder<NixValue>();
        foreach (var word in list.Split(", "))
        {
            if (word is ['"', .. var text, '"'] && !text.Contains('"', StringComparison.Ordinal))
            {
                values.Add(new NixText(text.Replace("\\n", "\n", StringComparison.Ordinal)));
            }
            else if (long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            {
                values.Add(new NixInteger(number));
            }
            else if (word is "true" or "false")
            {
                values.Add(new NixBool(word == "true"));
            }
            else
            {
                return null;
            }
        }

        return values.ToImmutable();
    }
}
