using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace OsModa.Core.Configuration;

/// <summary>Makes a finding out of what Nix says when it cannot evaluate: the last <c>error:</c> is the mistake, what stands before it how Nix came there.</summary>
internal static partial class NixMistake
{
    private const int LongestSentence = 600;
    private const string Error = "error:";
    private const string NoRoom = "A disk of the server that builds is full. Nothing that runs has changed. Make room there, as by removing old generations and running nix-collect-garbage, and check again.";

    // The words of the system, and those of the store's database.
    private static readonly string[] Full = ["No space left on device", "database or disk is full"];

    /// <param name="said">Lines as Nix printed them, harmless.</param>
    /// <param name="field">The setting that was being looked at; null when it was the whole system.</param>
    /// <param name="fields">All settings that a message may be about.</param>
    /// <param name="folder">Of the files on that machine, taken out of what people read.</param>
    public static CheckFinding Read(IReadOnlyList<string> said, OptionPath? field, ImmutableArray<OptionPath> fields, string folder)
    {
        var lines = said.Select(line => line.Replace(folder + "/", "", StringComparison.Ordinal).TrimEnd()).Where(line => !line.StartsWith("(use '--show-trace'", StringComparison.Ordinal)).ToList();
        if (TellsNoRoom(lines))
        {
            return new CheckFinding(IsWarning: false, null, NoRoom, string.Join('\n', lines), null);   // of no field: whatever came next would have failed
        }

        var last = lines.FindLastIndex(line => line.TrimStart().StartsWith(Error, StringComparison.Ordinal));
        var words = lines.Skip(Math.Max(last, 0)).Select(line => line.Trim()).ToList();
        var about = string.Join(' ', words.TakeWhile((line, i) => i == 0 || !IsPlace(line)).Where(line => line.Length > 0));
        about = about.StartsWith(Error, StringComparison.Ordinal) ? about[Error.Length..].Trim() : about;
        return new CheckFinding(
            IsWarning: false,
            FieldOf(about, fields) ?? field,
            about.Length == 0 ? "Nix could not evaluate this and does not say why." : Short(about),
            string.Join('\n', lines),
            Place(words) ?? Place(lines));
    }

    /// <summary>A disk is full, by the words of the system or of Nix.</summary>
    public static bool TellsNoRoom(IEnumerable<string> lines) => lines.Any(line => Full.Any(words => line.Contains(words, StringComparison.Ordinal)));

    /// <summary>An assertion that does not hold, or a warning: what a module says to people.</summary>
    public static CheckFinding OfModule(string message, bool isWarning, ImmutableArray<OptionPath> fields) =>
        new(isWarning, FieldOf(message, fields), Short(message.ReplaceLineEndings(" ").Trim()), message.Contains('\n', StringComparison.Ordinal) ? message : "", null);

    /// <summary>Warnings that an evaluation printed.</summary>
    public static IEnumerable<string> Warnings(IEnumerable<string> said) => said
        .Select(line => Warning().Match(line)).Where(match => match.Success).Select(match => match.Groups["text"].Value.Trim());

    /// <summary>
    /// The setting that a message is about: one whose name it holds, or that is part of, or holds, an option that it names. The longest name
    /// wins. An option that is not among the settings is named nevertheless.
    /// </summary>
    internal static OptionPath? FieldOf(string message, ImmutableArray<OptionPath> fields)
    {
        OptionPath? named = null;
        // What the module system proposes instead is another option than the mistake.
        var said = message.IndexOf("Did you mean `", StringComparison.Ordinal) is >= 0 and var end ? message[..end] : message;
        foreach (Match word in Dotted().Matches(said))
        {
            if (OptionPath.TryParse(word.Value.Trim('.'), out var path, out _) && path.Parts.Length > 1)
            {
                if (fields.Where(field => field.IsWithin(path) || path.IsWithin(field)).MaxBy(field => field.Parts.Length) is { } field)
                {
                    return field;
                }

                named ??= said.AsSpan(0, word.Index).TrimEnd().EndsWith("option `", StringComparison.Ordinal) ? path : null;
            }
        }

        return named;
    }

    private static string Short(string text) => text.Length > LongestSentence ? text[..(LongestSentence - 1)] + "…" : text;

    private static bool IsPlace(string line) => line.StartsWith("at ", StringComparison.Ordinal) || line.StartsWith('…');

    private static SourcePlace? Place(IEnumerable<string> lines) => lines
        .Select(line => At().Match(line)).Where(match => match.Success)
        .Select(match => new SourcePlace(match.Groups["file"].Value, int.Parse(match.Groups["line"].ValueSpan, CultureInfo.InvariantCulture)))
        .FirstOrDefault(place => !place.File.StartsWith("/nix/store/", StringComparison.Ordinal));

    // Names with dots between; a part may be quoted.
    [GeneratedRegex("""[A-Za-z_][A-Za-z0-9_'\-]*(?:\.(?:[A-Za-z0-9_][A-Za-z0-9_\-]*|"[^"\n]{1,256}"))+""", RegexOptions.NonBacktracking)]
    private static partial Regex Dotted();

    [GeneratedRegex(@"\bat (?<file>[^\s:][^:]*):(?<line>[0-9]{1,7}):[0-9]{1,7}", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex At();

    [GeneratedRegex(@"^\s*(trace: )?(evaluation )?warning: (?<text>.+)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Warning();
}
