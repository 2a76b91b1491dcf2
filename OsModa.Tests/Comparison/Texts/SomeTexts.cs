using FsCheck;
using FsCheck.Fluent;

namespace OsModa.Tests.Comparison.Texts;

/// <summary>Texts of few different lines, so that two of them share much, with everything in them that files may have.</summary>
internal static class SomeTexts
{
    private static readonly string[] Lines =
    [
        "", " ", "\t", "[Unit]", "[Service]", "a", "b", "A=1", "A=2", "-", "+", "\\", "@@ -1 +1 @@", "--- x", "+++ y", "\\ No newline at end of file", "a\rb", "\r", "é世😀",
        $"E=/nix/store/{TextCase.Hash(1)}-a-1/x", $"E=/nix/store/{TextCase.Hash(2)}-a-1/x", $"E=/nix/store/{TextCase.Hash(3)}-a-2/x", "/nix/store/-a", "\u000b\u000c\u0085\u2028",
    ];

    private static readonly Gen<string> Line = Gen.Frequency(
        (6, Gen.Elements(Lines)),
        (1, Gen.Elements('a', 'b', ' ', '=', '/', '\t', 'é').ListOf().Select(c => string.Concat(c))));

    private static readonly Gen<string> Ending = Gen.Frequency((8, Gen.Constant("\n")), (1, Gen.Constant("\r\n")));

    public static Arbitrary<string> Any { get; } =
        Line.Zip(Ending).Select(line => line.Item1 + line.Item2).ListOf().Select(lines => string.Concat(lines))
            .Zip(Gen.Elements("", "", "end", "end\r"))
            .Select(text => text.Item1 + text.Item2)
            .ToArbitrary();

    /// <summary>A text and one that was made of it by some changes, as files of two generations are.</summary>
    public static Arbitrary<(string From, string To)> Pairs { get; } = Gen.OneOf(
            Any.Generator.Zip(Any.Generator).Select(pair => (pair.Item1, pair.Item2)),
            Any.Generator.Zip(Gen.Choose(0, 40).Zip(Line).ListOf()).Select(change => (change.Item1, Changed(change.Item1, change.Item2))))
        .ToArbitrary();

    private static string Changed(string text, IEnumerable<(int At, string Line)> changes)
    {
        var lines = text.Split('\n').ToList();
        foreach (var (at, line) in changes.Take(4))
        {
            switch (at % 3)
            {
                case 0:
                    lines.Insert(at % (lines.Count + 1), line);
                    break;
                case 1 when lines.Count > 1:
                    lines.RemoveAt(at % lines.Count);
                    break;
                default:
                    lines[at % lines.Count] = line;
                    break;
            }
        }

        return string.Join('\n', lines);
    }
}
