using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace OsModa.Core.Configuration;

public static partial class PlainSecret
{
    private const string Mask = "<secret>";

    /// <summary>A file that people wrote, as it may be shown: what looks like a secret is left out, line by line. Null stays null.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? MaskedFile(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var (lines, within) = (text.Split('\n'), false);
        for (var i = 0; i < lines.Length; i++)
        {
            lines[i] = MaskedLine(lines[i], ref within);
        }

        return string.Join('\n', lines);
    }

    /// <summary>Lines of a file that hold what looks like a secret, in their order; the first is 1.</summary>
    internal static ImmutableArray<int> LinesIn(string text) => [.. text.Split('\n').Zip(MaskedFile(text).Split('\n')).Index().Where(line => line.Item.First != line.Item.Second).Select(line => line.Index + 1)];

    // Plain data is judged as data; else the lines as they would be shown, and each text as if it stood there by itself: with mkForce before it, it does.
    private static bool IsInCode(ImmutableArray<string> option, string code)
    {
        if (!string.Equals(MaskedFile(code), code, StringComparison.Ordinal))
        {
            return true;
        }

        try
        {
            return Faults(option, NixReader.Value(code)).Any();
        }
        catch (FormatException)
        {
            return Text().Matches(code).Any(found => !found.Groups["before"].Success && !found.Groups["after"].Success && Fault(option, found.Groups["text"].Value) is not null);
        }
    }

    // A key of PEM goes on until it says that it ends.
    private static string MaskedLine(string line, ref bool within)
    {
        if (within || Key().IsMatch(line))
        {
            within = (within || line.Contains("-----BEGIN", StringComparison.Ordinal)) && !line.Contains("-----END", StringComparison.Ordinal);
            return line[..^line.AsSpan().TrimStart().Length] + Mask;
        }

        return Definition().Replace(Assignment().Replace(line, MaskedValue), static found => IsSecret(found.Groups["name"].Value, found.Groups["value"].Value) ? MaskedValue(found) : found.Value);
    }

    // What the set around a name is called stands on another line.
    private static bool IsSecret(string name, string value) =>
        name.Split('.', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } parts
        && (Fault([.. parts], value) is not null || (value.Length > 1 && Variable().IsMatch(parts[^1]) && !Reference().IsMatch(value)));

    private static string MaskedValue(Match found) => Reference().IsMatch(found.Groups["value"].ValueSpan) ? found.Value
        : found.Value[..(found.Groups["value"].Index - found.Index)] + Mask + found.Value[(found.Groups["value"].Index - found.Index + found.Groups["value"].Length)..];

    // Of Nix, JSON, YAML and the like: a name, and a text in quotes.
    [GeneratedRegex(@"(?<name>[A-Za-z0-9_.-]+)""?\s*[=:]\s*(""|'')(?<value>[^""']+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Definition();

    // What is beside a dot, or compared, is a name and no value: secrets."db-password".path, hostName == "web1".
    [GeneratedRegex(@"(?<before>(\.|[=!]=)\s*)?""(?<text>[^""]*)""(?<after>\s*(\.|[=!]=))?", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Text();
}
