using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OsModa.Core.Comparison.Texts;
using Xunit;

namespace OsModa.Tests.Comparison.Texts;

public sealed class TextComparisonTests
{
    private static readonly TextLimits ToTheLetter = new() { LookPastHashes = false };

    [Fact]
    public void A_text_and_itself_are_alike() => Prop.ForAll(SomeTexts.Any, text =>
        {
            var comparison = TextComparison.Between(text, text);
            Assert.Equal((TextVerdict.Alike, 0, 0), (comparison.Verdict, comparison.Removed, comparison.Added));
            Assert.Empty(comparison.Parts);
        })
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Both_texts_can_be_read_from_the_parts() => Prop.ForAll(SomeTexts.Pairs, pair =>
        {
            var comparison = TextComparison.Between(pair.From, pair.To);
            if (comparison.Verdict == TextVerdict.Alike)
            {
                return;
            }

            var (from, to) = (pair.From.Split('\n'), pair.To.Split('\n'));
            var (nextFrom, nextTo) = (1, 1);
            foreach (var part in comparison.Parts)
            {
                Assert.Equal((nextFrom, nextTo), (part.FromLine, part.ToLine));
                foreach (var row in (part as TextHunk)?.Rows ?? [])
                {
                    Read(row.From, from, ref nextFrom);
                    Read(row.To, to, ref nextTo);
                    Assert.Equal(row.Kind == TextRowKind.Same, row.From?.Text == row.To?.Text && row.From?.Ending == row.To?.Ending);
                }

                foreach (var row in part is TextFold fold ? comparison.Unfold(fold) : [])
                {
                    Assert.Equal((TextRowKind.Same, row.From?.Text), (row.Kind, row.To?.Text));
                    Read(row.From, from, ref nextFrom);
                    Read(row.To, to, ref nextTo);
                }
            }

            Assert.Equal((comparison.From.Lines + 1, comparison.To.Lines + 1), (nextFrom, nextTo));
            Assert.Equal((from.Length - (from[^1].Length == 0 ? 1 : 0), Encoding.UTF8.GetByteCount(pair.From)), (comparison.From.Lines, comparison.From.Bytes));
        })
        .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void The_way_back_removes_what_the_way_there_adds() => Prop.ForAll(SomeTexts.Pairs, pair =>
        {
            var there = TextComparison.Between(pair.From, pair.To, ToTheLetter);
            var back = TextComparison.Between(pair.To, pair.From, ToTheLetter);
            Assert.Equal((there.Removed, there.Added), (back.Added, back.Removed));
        })
        .QuickCheckThrowOnFailure();

    [Fact]
    public void No_difference_is_shorter() => Prop.ForAll(SomeTexts.Pairs, pair =>
        {
            var comparison = TextComparison.Between(pair.From, pair.To, ToTheLetter);
            var (from, to) = (SourceLine.Read(pair.From), SourceLine.Read(pair.To));
            var shared = LongestShared(from, to);
            Assert.Equal((from.Length - shared, to.Length - shared), (comparison.Removed, comparison.Added));
            Assert.False(comparison.Coarse);
        })
        .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void What_two_lines_share_is_the_same_on_both_sides() => Prop.ForAll(SomeTexts.Pairs, pair =>
        {
            foreach (var row in TextComparison.Between(pair.From, pair.To).Parts.OfType<TextHunk>().SelectMany(hunk => hunk.Rows).Where(row => row is { From: not null, To: not null }))
            {
                Assert.Equal(Shared(row.From!), Shared(row.To!));
            }
        })
        .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Theory]
    [InlineData("a\0b", "c")]
    [InlineData("c", "\0")]
    public void What_has_a_NUL_is_no_text(string from, string to)
    {
        var comparison = TextComparison.Between(from, to);

        Assert.Equal((TextVerdict.Binary, from.Length, to.Length), (comparison.Verdict, comparison.From.Bytes, comparison.To.Bytes));
        Assert.Empty(comparison.Parts);
        Assert.Equal(TextVerdict.Binary, TextComparison.Between(Encoding.UTF8.GetBytes(from), Encoding.UTF8.GetBytes(to)).Verdict);
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_no_text()
    {
        Assert.Equal(TextVerdict.Binary, TextComparison.Between([0xff, 0xfe], "a"u8).Verdict);
        Assert.Equal(TextVerdict.Alike, TextComparison.Between([0xff, 0], new byte[] { 0xff, 0 }).Verdict);
        Assert.Equal(TextVerdict.TooLarge, TextComparison.Between(new byte[70_000], "a"u8).Verdict);
        Assert.Equal(["- 1 [é]", "+ 1 [ö]"], TextCase.LinesOf(TextComparison.Between("é\n"u8, "ö\n"u8)));
    }

    [Fact]
    public void A_file_that_is_not_there_is_empty()
    {
        var comparison = TextComparison.Between(null, "a\n");

        Assert.Equal((TextVerdict.Differ, 0, 1, new TextSize(0, 0), new TextSize(2, 1)), (comparison.Verdict, comparison.Removed, comparison.Added, comparison.From, comparison.To));
        Assert.Equal(TextVerdict.Alike, TextComparison.Between(null, "").Verdict);
    }

    [Theory]
    [InlineData(65_536, 0, TextVerdict.Differ)]
    [InlineData(65_537, 0, TextVerdict.TooLarge)]
    [InlineData(0, 5_000, TextVerdict.Differ)]
    [InlineData(0, 5_001, TextVerdict.TooLarge)]
    public void Beyond_the_limits_only_sizes_are_told(int letters, int lines, TextVerdict verdict)
    {
        var comparison = TextComparison.Between(new string('x', letters) + new string('\n', lines), "other\n");

        Assert.Equal((verdict, letters + lines), (comparison.Verdict, comparison.From.Bytes));
        Assert.Equal(verdict == TextVerdict.Differ, comparison.Parts.Length > 0);
    }

    [Fact]
    public void Too_many_changes_are_a_replacement_of_the_whole_stretch()
    {
        var from = string.Concat(Enumerable.Range(0, 100).Select(i => $"same {i}\nold {i}\n"));
        var to = string.Concat(Enumerable.Range(0, 100).Select(i => $"same {i}\nnew {i}\n"));

        var coarse = TextComparison.Between("first\n" + from, "first\n" + to, new TextLimits { MaxEdits = 20 });
        var fine = TextComparison.Between("first\n" + from, "first\n" + to);

        Assert.True(coarse.Coarse);
        Assert.InRange(coarse.Removed, 190, 200);
        Assert.Equal((100, 100, false), (fine.Removed, fine.Added, fine.Coarse));
    }

    [Fact]
    public async Task Texts_made_to_be_slow_are_compared()
    {
        var lines = Enumerable.Range(0, 5_000);
        string[] slow =
        [
            string.Concat(lines.Select(i => $"{i * 7 % 13}\n")),
            string.Concat(lines.Select(i => $"{i * 5 % 11}\n")),
            string.Concat(Enumerable.Repeat("a b ", 16_000)),
            string.Concat(Enumerable.Repeat("b c ", 16_000)),
            string.Concat(Enumerable.Repeat($"/nix/store/{TextCase.Hash(1)}-", 1_400)),
            string.Concat(Enumerable.Repeat($"/nix/store/{TextCase.Hash(2)}-", 1_400)),
            string.Concat(Enumerable.Range(0, 64).Select(i => new string('x', 1_000) + $"{i}\n")),
            string.Concat(Enumerable.Range(100, 64).Select(i => new string('x', 1_000) + $"{i}\n")),
        ];
        foreach (var from in slow)
        {
            foreach (var to in slow.Where(to => to != from))
            {
                var comparison = await Task.Run(() => TextComparison.Between(from, to)).WaitAsync(TimeSpan.FromSeconds(60));
                Assert.Equal(TextVerdict.Differ, comparison.Verdict);
            }
        }
    }

    [Fact]
    public void Without_looking_past_hashes_a_hash_is_text()
    {
        var comparison = TextComparison.Between($"A=/nix/store/{TextCase.Hash(1)}-a\n", $"A=/nix/store/{TextCase.Hash(2)}-a\n", ToTheLetter);

        Assert.Equal([$"~ 1 1 A=/nix/store/[{TextCase.Hash(1)}-a] → A=/nix/store/[{TextCase.Hash(2)}-a]"], TextCase.LinesOf(comparison));
    }

    private static void Read(TextLine? line, string[] lines, ref int next)
    {
        if (line is null)
        {
            return;
        }

        Assert.Equal(next, line.Number);
        Assert.Equal(lines[next - 1], line.Text + (line.Ending == LineEnding.CarriageReturn ? "\r" : ""));
        Assert.Equal(line.Ending == LineEnding.None, next == lines.Length);
        Assert.Equal(line.Text, string.Concat(line.Segments.Select(segment => segment.Text)));
        next++;
    }

    private static string Shared(TextLine line) => string.Concat(line.Segments.Select(segment => segment.Kind switch
    {
        TextSegmentKind.Same => segment.Text,
        TextSegmentKind.Rebuilt => "{}",
        _ => "",
    }));

    private static int LongestShared(SourceLine[] from, SourceLine[] to)
    {
        var longest = new int[from.Length + 1, to.Length + 1];
        for (var i = from.Length - 1; i >= 0; i--)
        {
            for (var j = to.Length - 1; j >= 0; j--)
            {
                longest[i, j] = from[i] == to[j] ? 1 + longest[i + 1, j + 1] : Math.Max(longest[i + 1, j], longest[i, j + 1]);
            }
        }

        return longest[0, 0];
    }
}
