using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OsModa.Core.Comparison;
using OsModa.Core.Nix;
using Xunit;

namespace OsModa.Tests.Comparison;

public sealed class CompareLinesTests
{
    private static readonly StorePath System = StorePath.Parse("/nix/store/00000000000000000000000000000000-nixos-system-a-1");

    [Fact]
    public void A_whole_answer_is_read()
    {
        var lines = Read(
            "closure\tfrom\tjson", "={\"/nix/store/00000000000000000000000000000000-nixos-system-a-1\":{\"narSize\":5,", "=\"references\":[]}}", "closure\tto\tlist",
            "=7 /nix/store/00000000000000000000000000000000-nixos-system-a-1", "closures-end", "entry\tto\tetc/a\tl\tf\t777\t/nix/store/x", "entry\tfrom\tetc/d\tl\td\t777\t/nix/store/y", "entries-end",
            "texts\tto", "file\t9\tetc/a", "file\t5\tetc/b", "file\t0\tetc/empty", "etc/a\0one", "etc/a\0\ttwo\u001B[31m", "texts-end");

        var (old, @new) = lines.Closures(System, System);
        Assert.Equal((5L, 7L), (old.Paths.Single().NarBytes, @new.Paths.Single().NarBytes));
        Assert.True(lines.From.Files().Entries["etc/d"].IsFolder);
        var files = lines.To.Files();
        Assert.Equal(("one\n\ttwo\n", null, ""), (files.TextOf("etc/a"), files.TextOf("etc/b"), files.TextOf("etc/empty")));
        Assert.Equal(5, files.Texts["etc/b"].Bytes);
    }

    [Fact]
    public void What_wants_a_unit_is_read_from_the_link()
    {
        var wishes = Read("wanted\ta.service\tmulti-user.target.wants/a.service", "wanted\ta.service\tb.service.requires/a.service", "wanted\tb.service\tx.d/b.service", "wanted\tc.service\tno name.wants/c.service").To.Files().Wishes;

        Assert.Equal(["b.service", "multi-user.target"], Assert.Single(wishes).Value.Select(by => by.Text));
    }

    [Fact]
    public void Two_closures_told_at_once_are_told_apart_by_what_each_system_names()
    {
        const string Folder = "/nix/store/", A = "00000000000000000000000000000000-a", B = "11111111111111111111111111111111-b", Shared = "22222222222222222222222222222222-c", Own = "33333333333333333333333333333333-d";
        var lines = Read(
            "closure\tboth\tjson",
            $"={{\"{Folder}{A}\":{{\"narSize\":1,\"references\":[\"{Folder}{Shared}\",\"{Folder}{A}\"]}},\"{Folder}{B}\":{{\"narSize\":2,\"references\":[\"{Folder}{Own}\"]}},",
            $"=\"{Folder}{Own}\":{{\"narSize\":4,\"references\":[\"{Folder}{Shared}\"]}},\"{Folder}{Shared}\":{{\"narSize\":8,\"references\":[]}}}}", "closures-end");

        var (a, b) = lines.Closures(StorePath.Parse(Folder + A), StorePath.Parse(Folder + B));

        Assert.Equal((9L, 14L), (a.Paths.Sum(path => path.NarBytes), b.Paths.Sum(path => path.NarBytes)));
    }

    [Fact]
    public void A_line_of_a_file_that_looks_like_an_end_is_a_line_of_the_file()
    {
        var lines = Read("texts\tto", "file\t9\tetc/a", "etc/a\0texts-end", "etc/a\0closures-end");

        Assert.Equal("texts-end\nclosures-end\n", lines.To.Files().TextOf("etc/a"));
    }

    [Fact]
    public void A_text_of_a_file_that_was_not_announced_is_left_out() => Assert.Empty(Read("texts\tto", "etc/b\0x").To.Files().Texts);

    [Fact]
    public void A_closure_without_end_is_refused()
    {
        var lines = Read("closure\tfrom\tjson");
        var piece = Encoding.ASCII.GetBytes("=" + new string('x', 1_000_000));

        Assert.Throws<FormatException>(() =>
        {
            for (var i = 0; i < 60; i++)
            {
                lines.Take(piece);
            }
        });
    }

    [Fact]
    public void Texts_without_end_are_refused_however_often_they_go_on()
    {
        var lines = Read("texts\tto", "file\t9\tetc/a");
        var line = Encoding.ASCII.GetBytes("etc/a\0" + new string('x', 1_000_000));
        for (var i = 0; i < 25; i++)
        {
            lines.Take(line);
        }

        for (var i = 0; i < 5_000; i++)
        {
            Assert.Throws<FormatException>(() => lines.Take(line));
        }
    }

    [Fact]
    public void A_text_that_is_longer_than_any_that_is_asked_for_is_none()
    {
        var lines = Read([.. Enumerable.Repeat("etc/a\0" + new string('x', 1_000), 200).Prepend("file\t9\tetc/a").Prepend("texts\tto"), "file\t1\tetc/b", "etc/b\0y", "etc/a\0z"]);

        Assert.Equal((null, "y\n"), (lines.To.Files().TextOf("etc/a"), lines.To.Files().TextOf("etc/b")));
    }

    [Fact]
    public void No_bytes_of_a_server_break_it() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(ArbMap.Default.ArbFor<byte[][]>(), told =>
        {
            var lines = Read("closure\tto\tjson", "texts\tfrom");
            foreach (var line in told)
            {
                lines.Take(line);
            }

            return lines.From.Files() is not null;
        }));

    private static CompareLines Read(params string[] told)
    {
        var lines = new CompareLines();
        foreach (var line in told)
        {
            lines.Take(Encoding.UTF8.GetBytes(line));
        }

        return lines;
    }
}
