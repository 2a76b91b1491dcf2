using FsCheck;
using FsCheck.Fluent;
using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;
using Xunit;

namespace OsModa.Tests.SafeSwitch;

public sealed class JournalLineTests
{
    private const string Old = "/nix/store/0123456789abcdfghijklmnpqrsvwxyz-nixos-system-web1-42";
    private const string New = "/nix/store/1123456789abcdfghijklmnpqrsvwxyz-nixos-system-web1-41";
    private const string Id = "0198c0de-0000-7000-8000-00000000000a";
    private const string Boot = "5d0c2f4e-1111-4222-8333-444455556666";

    [Fact]
    public void The_first_line_tells_what_is_to_happen()
    {
        Assert.True(JournalLine.TryParse($"12\t1764158400123456\tbegin\t1\t{Id}\tnow\t{New}\t41\t{Old}\t42\t{Boot}", out var line));

        var begin = Assert.IsType<JournalLine.Begin>(line);
        Assert.Equal((Guid.Parse(Id), false, 41, 42), (begin.Operation, begin.Mode == SwitchMode.Boot, begin.Generation, begin.FromGeneration));
        Assert.Equal((New, Old), (begin.Target.Text, begin.From!.Value.Text));
        Assert.Equal(TimeSpan.FromMicroseconds(12), begin.At);
        Assert.Equal(new DateTimeOffset(2025, 11, 26, 12, 0, 0, 123, 456, TimeSpan.Zero), begin.Wall);
    }

    [Fact]
    public void A_system_or_number_that_is_not_known_is_a_dash()
    {
        Assert.True(JournalLine.TryParse($"12\t1764158400123456\tdone\tperson\t-\t-\t{New}\t-\tThe sentence.", out var line));

        var done = Assert.IsType<JournalLine.Done>(line);
        Assert.Equal((SwitchVerdict.NeedsPerson, (int?)null, (int?)null), (done.Verdict, done.ExitStatus, done.ProfileGeneration));
        Assert.Null(done.Current);
        Assert.Equal("The sentence.", done.Text);
    }

    [Fact]
    public void Further_fields_of_a_later_version_are_skipped()
    {
        Assert.True(JournalLine.TryParse("5\t1764158400123456\tended\tverify\tok\t\tmore\tand more", out var line));
        Assert.True(Assert.IsType<JournalLine.Ended>(line).Ok);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5\t1764158400123456\tstage")]
    [InlineData("5\t1764158400123456\tparty\tactivate\tok\t")]
    [InlineData("-5\t1764158400123456\tstage\tactivate")]
    [InlineData("5.5\t1764158400123456\tstage\tactivate")]
    [InlineData("999999999999999999999\t1764158400123456\tstage\tactivate")]
    [InlineData("5\t99999999999999999999\tstage\tactivate")]
    [InlineData("5\t1764158400123456\tstage\tact<b>ivate")]
    [InlineData("5\t1764158400123456\tended\tactivate\tperhaps\t")]
    [InlineData("5\t1764158400123456\tdone\tgreat\t0\t-\t-\t-\t")]
    [InlineData("5\t1764158400123456\tdone\tverified\t0")]
    [InlineData("5\t1764158400123456\tbegin\t3\t" + Id + "\tnow\t" + New + "\t41\t" + Old + "\t42\t" + Boot)]
    [InlineData("5\t1764158400123456\tbegin\t2\t" + Id + "\tnow\t" + New + "\t41\t" + Old + "\t42\t" + Boot + "\t10")]
    [InlineData("5\t1764158400123456\tbegin\t1\t" + Id + "\tparty\t" + New + "\t41\t" + Old + "\t42\t" + Boot)]
    [InlineData("5\t1764158400123456\ttrouble\tcrash\ta.service\t-5\tx")]
    [InlineData("5\t1764158400123456\ttrouble\tcrash\ta.service")]
    [InlineData("5\t1764158400123456\tverdict\tugly\t-\tx")]
    [InlineData("5\t1764158400123456\tboot\tx")]
    [InlineData("5\t1764158400123456\tcause\tboredom\t" + Id)]
    [InlineData("5\t1764158400123456\tbegin\t1\t" + Id + "\tnow\t/etc/passwd\t41\t" + Old + "\t42\t" + Boot)]
    [InlineData("5\t1764158400123456\tbegin\t1\t; reboot\tnow\t" + New + "\t41\t" + Old + "\t42\t" + Boot)]
    public void What_is_not_of_the_format_is_no_line(string text) => Assert.False(JournalLine.TryParse(text, out _));

    [Fact]
    public void Text_of_a_server_loses_what_could_disturb_a_page()
    {
        Assert.True(JournalLine.TryParse("5\t1764158400123456\tended\tactivate\tfailed\t\u001b[31mred\u0007 \u202Eevil\u2066 \ud800 schön \ud83d\ude00" + new string('x', 3000), out var line));

        var text = Assert.IsType<JournalLine.Ended>(line).Text;
        Assert.StartsWith("[31mred  \uFFFDevil\uFFFD \uFFFD schön \ud83d\ude00x", text, StringComparison.Ordinal);
        Assert.InRange(text.Length, 900, 1000);
    }

    [Fact]
    public void A_line_longer_than_allowed_is_none() => Assert.False(JournalLine.TryParse("5\t1764158400123456\tnote\tunit\t" + new string('x', JournalLine.MaxLength), out _));

    [Fact]
    public void No_text_at_all_makes_the_parser_throw()
    {
        var fields = Gen.Elements("0", "5", "-1", "99999999999999999", "1764158400123456", "begin", "stage", "ended", "done", "trouble", "verdict", "confirmed", "restart", "boot", "cause", "2", "note", "check", "ok", "failed", "1", Id, New, Boot, "now", "-", "", "\u0000", "\ud800", "activate", "verified", "🦀");
        var lines = fields.ListOf().Select(f => string.Join('\t', f));
        Prop.ForAll(lines.ToArbitrary(), text => JournalLine.TryParse(text, out _) || true).QuickCheckThrowOnFailure();
        Prop.ForAll<string?>(text => JournalLine.TryParse(text ?? "", out _) || true).QuickCheckThrowOnFailure();
    }
}
