using System.Text;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;
using Xunit;

namespace OsModa.Tests.Ledger.Notes;

public sealed class CheckpointTests
{
    /// <summary>The example of C2SP tlog-cosignature, which is the one of tlog-checkpoint with a cosignature.</summary>
    private const string Example =
        """
        example.com/behind-the-sofa
        20852163
        CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

        — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
        — witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==

        """;

    [Fact]
    public void The_published_example_is_read_and_written_again()
    {
        Assert.True(SignedNote.TryParse(Encoding.UTF8.GetBytes(Example), out var note));
        Assert.True(Checkpoint.TryParse(note.Text, out var checkpoint));
        Assert.Equal(("example.com/behind-the-sofa", 20_852_163L), (checkpoint.Origin, checkpoint.Size));
        Assert.Equal("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=", checkpoint.Root.ToBase64());
        Assert.Equal(note.Text, checkpoint.ToString());
        Assert.Equal(Example, note.ToString());
    }

    [Fact]
    public void The_time_of_the_published_cosignature_is_the_one_that_the_specification_shows()
    {
        Assert.True(SignedNote.TryParse(Encoding.UTF8.GetBytes(Example), out var note));
        Assert.True(Cosignature.TryRead(note.Signatures[1], out var seconds, out var signature));
        Assert.Equal((1_679_315_147L, 64), (seconds, signature.Length));
        Assert.Equal(
            "cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
            Encoding.UTF8.GetString(Cosignature.Message(seconds, note.Text)));
    }

    [Fact]
    public void An_empty_tree_has_size_zero_and_further_lines_are_kept()
    {
        var text = $"origin with spaces\n0\n{Sha256.EmptyRoot.ToBase64()}\nfurther\nlines\n";

        Assert.True(Checkpoint.TryParse(text, out var checkpoint));
        Assert.Equal((0L, "further\nlines\n"), (checkpoint.Size, checkpoint.Extensions));
        Assert.Equal(text, checkpoint.ToString());
    }

    [Theory]
    [InlineData("\n1\nR\n")]
    [InlineData("o\n01\nR\n")]
    [InlineData("o\n+1\nR\n")]
    [InlineData("o\n-1\nR\n")]
    [InlineData("o\n 1\nR\n")]
    [InlineData("o\n18446744073709551616\nR\n")]
    [InlineData("o\n1\n\n")]
    [InlineData("o\n1\nAAAA\n")]
    [InlineData("o\n1\nR")]
    [InlineData("o\n1\nR\n\n")]
    [InlineData("o\n1\nR\na\n\nb\n")]
    [InlineData("o\n1\nR\na")]
    [InlineData("o\n1\n")]
    [InlineData("")]
    [InlineData(null)]
    public void What_is_no_checkpoint_is_refused(string? text) =>
        Assert.False(Checkpoint.TryParse(text?.Replace("R", Sha256.EmptyRoot.ToBase64(), StringComparison.Ordinal), out _));
}
