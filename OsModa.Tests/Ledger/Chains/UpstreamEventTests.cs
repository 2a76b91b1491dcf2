using System.Text;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Hashing;
using Xunit;

namespace OsModa.Tests.Ledger.Chains;

public sealed class UpstreamEventTests
{
    [Fact]
    public void Both_formats_give_the_hashes_of_the_independent_program()
    {
        foreach (var (format, hashes) in new[] { (ChainFormat.Concatenated, Vectors.Concatenated), (ChainFormat.Piped, Vectors.Piped) })
        {
            var previous = TreeHash.Zero;
            foreach (var (e, expected) in Vectors.Events.Zip(hashes))
            {
                previous = new UpstreamEvent(e.Id, e.Ts, e.Type, e.Actor, e.Payload, previous).Hash(format);
                Assert.Equal(expected, previous.ToHex());
            }
        }
    }

    [Fact]
    public void A_piped_pre_image_is_taken_apart_pipes_in_the_payload_included()
    {
        Assert.True(UpstreamEvent.TryParsePiped(Vectors.PreImage(1), out var parsed));
        Assert.Equal(new UpstreamEvent(2, Vectors.Events[1].Ts, "nixos.switch", "osmoda-watch", Vectors.Events[1].Payload, Vectors.Hex(Vectors.Piped[0])), parsed);
        Assert.Equal(Vectors.PreImage(1), parsed!.PreImage(ChainFormat.Piped));
    }

    [Fact]
    public void Two_events_that_hash_the_same_are_one_readable_and_one_refused()
    {
        var honest = new UpstreamEvent(7, "2026-01-02T03:04:08.000Z", "t", "alice", "x|p", TreeHash.Zero);
        var forged = honest with { Actor = "alice|x", Payload = "p" };

        Assert.Equal(honest.Hash(ChainFormat.Piped), forged.Hash(ChainFormat.Piped));
        Assert.Equal("9a40d1c77ec9f6b9f08386abf15adc3898a4bfe5895e6bd606ffe95df6a0133c", honest.Hash(ChainFormat.Piped).ToHex());
        Assert.True(UpstreamEvent.TryParsePiped(honest.PreImage(ChainFormat.Piped), out var own));
        Assert.Equal(honest, own);
        Assert.True(UpstreamEvent.TryParsePiped(forged.PreImage(ChainFormat.Piped), out var parsed));
        Assert.Equal(honest, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1|T|t|a|HASH")]
    [InlineData("01|T|t|a|p|HASH")]
    [InlineData("x|T|t|a|p|HASH")]
    [InlineData("-1|T|t|a|p|HASH")]
    [InlineData("1|2026-01-02|t|a|p|HASH")]
    [InlineData("1|T||a|p|HASH")]
    [InlineData("1|T|t t|a|p|HASH")]
    [InlineData("1|T|t|a\n|p|HASH")]
    [InlineData("1|T|t|a|pHASH")]
    [InlineData("1|T|t|a|p|HASH ")]
    [InlineData("1|T|t|a|p|0123")]
    [InlineData("99999999999999999999|T|t|a|p|HASH")]
    public void Anything_else_is_ambiguous(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text.Replace("T", "2026-01-02T03:04:08.000Z", StringComparison.Ordinal).Replace("HASH", new string('0', 64), StringComparison.Ordinal));

        Assert.False(UpstreamEvent.TryParsePiped(bytes, out _));
    }

    [Fact]
    public void Bytes_that_are_no_UTF_8_are_ambiguous()
    {
        var bytes = Vectors.PreImage(1);
        bytes[60] = 0xff;

        Assert.False(UpstreamEvent.TryParsePiped(bytes, out _));
    }
}
