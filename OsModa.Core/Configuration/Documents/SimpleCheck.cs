using System.Text.RegularExpressions;

namespace OsModa.Core.Configuration;

/// <summary>Checks of types that hold no others, after lib/types.nix of nixpkgs.</summary>
internal static class SimpleCheck
{
    // Expressions of somebody else: linear time or none.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    /// <summary>What is wrong, or null.</summary>
    public static string? Fault(OptionType type, NixValue value) => (type, value) switch
    {
        (BoolType, NixBool) or (FloatType, NixFloat) or (PackageType, NixPackage) => null,
        (IntegerType(var least, var most), NixInteger(var whole)) => whole >= (least ?? whole) && whole <= (most ?? whole) ? null : Bounds(least, most),
        (NumberType number, NixInteger(var whole)) => Number(number, whole),
        (NumberType number, NixFloat(var real)) => Number(number, real),
        (TextType rule, NixText(var text)) => Text(rule, text),
        (PathType(var inStore), NixText(var text)) => Path(inStore, text),
        (PathType, NixPackage) or (AnyType, NixSet) => null,
        (EnumType(var values), _) => values.Contains(value) ? null : $"Choose one of {string.Join(", ", values.Take(20).Select(NixWriter.Inline))}.",
        (CodeType, _) => "This takes code, not data. Write it as an expression of Nix.",
        (BoolType, _) => "This is on or off.",
        (IntegerType(var least, var most), _) => Bounds(least, most),
        (FloatType, _) => "Enter a number with a point, such as 0.5.",
        (NumberType number, _) => Number(number, double.NaN),
        (TextType, _) => "Enter a text.",
        (PathType, _) => "Enter a path that begins with a slash.",
        (PackageType, _) => "Choose a package.",
        (ListType, _) => "This is a list.",
        (AttributesType or SubmoduleType or UnionType or AnyType, _) => "This is a set of names with their values.",
        _ => null,
    };

    private static string Bounds(long? least, long? most) => (least, most) switch
    {
        (null, null) => "Enter a whole number.",
        ({ } low, null) => $"Enter a whole number of at least {low:N0}.",
        (null, { } high) => $"Enter a whole number of at most {high:N0}.",
        ({ } low, { } high) => $"Enter a whole number between {low:N0} and {high:N0}.",
    };

    private static string? Number(NumberType type, double number) =>
        number >= (type.Least ?? double.NegativeInfinity) && number <= (type.Most ?? double.PositiveInfinity) && !(type.AboveZero && number <= 0) ? null
        : type.AboveZero ? "Enter a number above 0."
        : (type.Least, type.Most) switch
        {
            ({ } low, { } high) => $"Enter a number between {low} and {high}.",
            ({ } low, null) => $"Enter a number of at least {low}.",
            _ => "Enter a number.",
        };

    private static string? Text(TextType rule, string text) =>
        rule.NotEmpty && text.AsSpan().Trim(" \t\n").IsEmpty ? "Enter a text; it cannot be empty."
        : rule.OneLine && text.AsSpan().TrimEnd('\n').IndexOfAny('\n', '\r') >= 0 ? "This is a single line."
        : rule.NoColons && text.AsSpan().IndexOfAny(':', '\n') >= 0 ? "This cannot have colons or line breaks."
        : rule.Pattern is { } pattern && !Matches(pattern, text) ? $"This has to match {pattern} as a whole."
        : null;

    private static string? Path(bool inStore, string text) =>
        !text.StartsWith('/') ? "Enter a path that begins with a slash."
        : inStore && !text.StartsWith("/nix/store/", StringComparison.Ordinal) ? "Enter a path in /nix/store."
        : null;

    // POSIX extended expressions read the same in .NET, except classes such as [[:alpha:]] and what .NET adds with backslashes. Those are left
    // to the evaluation. A dot of POSIX matches line feeds too.
    private static bool Matches(string pattern, string text)
    {
        if (pattern.Contains("[:", StringComparison.Ordinal) || pattern.Contains("(?", StringComparison.Ordinal) || pattern.Length > 1_000)
        {
            return true;
        }

        try
        {
            return Regex.IsMatch(text, $@"\A(?:{pattern})\z", RegexOptions.NonBacktracking | RegexOptions.Singleline | RegexOptions.CultureInvariant, Patience);
        }
        catch (Exception odd) when (odd is ArgumentException or NotSupportedException or RegexMatchTimeoutException)
        {
            return true;
        }
    }
}
