using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Ssh;

public sealed class LineReaderTests
{
    private const int Limit = 100;

    [Fact]
    public void Lines_are_the_same_however_the_stream_is_cut() =>
        Prop.ForAll(
                Gen.Choose(0, 250).SelectMany(length => Gen.Elements('a', 'b', '\r', '\0', 'é').ArrayOf(length)).ListOf().ToArbitrary(),
                Gen.Choose(1, 300).ToArbitrary(),
                (lines, piece) =>
                {
                    var text = Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => new string(l) + "\n")));
                    var expected = lines.Select(l => Encoding.UTF8.GetBytes(l)).Select(b => b[..Math.Min(b.Length, Limit)]);
                    Assert.Equal(expected, Read(text, piece).Lines);
                })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Theory]
    [InlineData(10)]
    [InlineData(99)]
    [InlineData(7000)]
    public void A_line_of_many_megabytes_comes_cut_and_the_next_one_whole(int piece)
    {
        var text = new byte[3_000_000];
        text.AsSpan().Fill((byte)'x');
        var (lines, _) = Read([.. text, .. "\nnext\n"u8], piece);

        Assert.Equal([new string('x', Limit), "next"], lines.Select(Encoding.UTF8.GetString));
    }

    [Fact]
    public void What_stands_after_the_last_line_feed_is_told_apart()
    {
        var (lines, rest) = Read("one\ntwo"u8.ToArray(), 2);

        Assert.Equal(["one"], lines.Select(Encoding.UTF8.GetString));
        Assert.Equal("two", Encoding.UTF8.GetString(rest));
    }

    [Fact]
    public void The_rest_of_a_line_that_was_cut_is_nothing() => Assert.Empty(Read(new byte[250], 50).Remainder);

    private static (List<byte[]> Lines, byte[] Remainder) Read(byte[] text, int piece)
    {
        var reader = new LineReader(new Pieces(text, piece), Limit);
        var lines = new List<byte[]>();
        while (Complete(reader.ReadLineAsync(CancellationToken.None)) is { } line)
        {
            lines.Add(line);
        }

        return (lines, reader.Rest.ToArray());
    }

    // The stream below always has its bytes at hand.
    private static byte[]? Complete(ValueTask<byte[]?> read)
    {
        Assert.True(read.IsCompleted);
        return read.GetAwaiter().GetResult();
    }

    private sealed class Pieces(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
