using System.Diagnostics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OsModa.Core.Comparison.Texts;
using Xunit;

namespace OsModa.Tests.Comparison.Texts;

/// <summary>Against the programs of the machine: <c>patch</c> must understand what is written, <c>diff</c> must find no less.</summary>
public sealed class UnifiedTextTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osmoda-texts-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    [InlineData(7)]
    public void Patch_makes_the_new_text_of_the_old_one(int context) => Prop.ForAll(SomeTexts.Pairs, pair =>
        {
            var unified = UnifiedText.Write(TextComparison.Between(pair.From, pair.To, new TextLimits { Context = context }), "old", "new");
            if (unified.Length == 0)
            {
                Assert.Equal(pair.From, pair.To);
                return;
            }

            Assert.Equal(pair.To, Patched(pair.From, unified));
        })
        .Check(Config.QuickThrowOnFailure.WithMaxTest(70));

    [Fact]
    public void Diff_finds_as_many_lines() => Prop.ForAll(SomeTexts.Pairs, pair =>
        {
            var unified = UnifiedText.Write(TextComparison.Between(pair.From, pair.To, new TextLimits { LookPastHashes = false }), "old", "new");
            Write("old", pair.From);
            Write("new", pair.To);
            Assert.Equal(Changed(Run("diff", "--minimal", "--text", "-u", "old", "new").Output), Changed(unified));
        })
        .Check(Config.QuickThrowOnFailure.WithMaxTest(70));

    [Fact]
    public void A_change_reads_as_diff_would_write_it()
    {
        var from = "[Unit]\nDescription=web\n[Service]\na=1\nb=1\nc=1\nd=1\nx=old\ny=old\ne=1\nf=1\ng=1\nh=1\ni=1\nj=1\nlast";
        var to = from.Replace("old", "new", StringComparison.Ordinal) + "\n";
        Write("old", from);
        Write("new", to);

        var unified = UnifiedText.Write(TextComparison.Between(from, to), "old", "new");

        // diff writes times behind the names; the section behind @@ is ours, as "diff -p" has functions.
        var expected = Run("diff", "-u", "--label", "old", "--label", "new", "old", "new").Output;
        Assert.Equal(expected, unified.Replace("@@ [Service]\n", "@@\n", StringComparison.Ordinal));
        Assert.Contains("@@ -5,12 +5,12 @@ [Service]\n", unified, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_file_begins_at_line_nought() =>
        Assert.Equal("--- /dev/null\n+++ etc/x\n@@ -0,0 +1 @@\n+a\n", UnifiedText.Write(TextComparison.Between(null, "a\n"), "/dev/null", "etc/x"));

    [Fact]
    public void Names_keep_to_their_line() =>
        Assert.StartsWith("--- a?b\n+++ c?\n@@", UnifiedText.Write(TextComparison.Between("a", "b"), "a\nb", "c\t"), StringComparison.Ordinal);

    [Fact]
    public void What_is_not_shown_is_a_sentence()
    {
        Assert.Equal("", UnifiedText.Write(TextComparison.Between("a", "a"), "x", "y"));
        Assert.Equal("Binary files x and y differ\n", UnifiedText.Write(TextComparison.Between("\0", "a"), "x", "y"));
        Assert.Equal("Files x and y differ\n", UnifiedText.Write(TextComparison.Between(new string('a', 70_000), "a"), "x", "y"));
    }

    private static (int, int) Changed(string unified)
    {
        var lines = unified.Split('\n').Skip(2).ToList();
        return (lines.Count(line => line.StartsWith('-')), lines.Count(line => line.StartsWith('+')));
    }

    private string Patched(string from, string unified)
    {
        Write("old", from);
        Write("patch", unified);
        var (output, status) = Run("patch", "--binary", "--force", "--fuzz=0", "--output=out", "--input=patch", "old");
        Assert.True(status == 0, output + unified);
        Assert.DoesNotContain("offset", output, StringComparison.Ordinal);
        var result = Path.Combine(_folder.FullName, "out");
        return File.Exists(result) ? File.ReadAllText(result, new UTF8Encoding(false)) : "";
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text, new UTF8Encoding(false));

    private (string Output, int Status) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            StandardOutputEncoding = new UTF8Encoding(false),
            UseShellExecute = false,
            WorkingDirectory = _folder.FullName,
        })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (output, process.ExitCode);
    }
}
