using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Hashing.Lanes;
using OsModa.Core.Ledger.Tree;
using Xunit;

namespace OsModa.Tests.Ledger.Hashing;

public sealed class LaneSha256Tests
{
    // The examples of FIPS 180-4 that NIST publishes, and the empty message.
    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    [InlineData("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu", "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1")]
    public void The_examples_of_NIST_come_out(string message, string digest)
    {
        var batch = new HashBatch();
        batch.AddPlain(Encoding.ASCII.GetBytes(message));

        Assert.Equal(digest, batch.Run()[0].ToHex());
    }

    [Fact]
    public void Messages_of_any_number_and_length_hash_as_the_platform_hashes_them() =>
        Prop.ForAll(
                Gen.Frequency((20, Gen.Choose(0, 700)), (1, Gen.Choose(3_900, 4_200)), (1, Gen.Choose(65_000, 70_000))).ListOf().ToArbitrary(),
                lengths =>
                {
                    var messages = lengths.Select(static length => RandomNumberGenerator.GetBytes(length)).ToList();
                    var batch = new HashBatch();
                    for (var turn = 0; turn < 2; turn++)
                    {
                        batch.Clear();
                        messages.ForEach(message => batch.AddPlain(message));
                        messages.ForEach(message => batch.AddLeaf(message));
                        Assert.Equal(
                            [.. messages.Select(SHA256.HashData), .. messages.Select(static message => SHA256.HashData([0, .. message]))],
                            batch.Run().ToArray().Select(static digest => digest.ToArray()));
                    }
                })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void Parts_of_something_longer_hash_as_if_each_stood_alone() =>
        Prop.ForAll(
                Gen.Frequency((20, Gen.Choose(0, 700)), (1, Gen.Choose(3_900, 4_200)), (1, Gen.Choose(65_000, 70_000))).ListOf().ToArbitrary(),
                lengths =>
                {
                    var source = RandomNumberGenerator.GetBytes(lengths.Sum());
                    var (batch, at, expected) = (new HashBatch(), 0, new List<byte[]>());
                    foreach (var length in lengths)
                    {
                        batch.AddPart(source, at, length);
                        batch.AddPlain(source.AsSpan(at, length));
                        expected.AddRange([SHA256.HashData(source.AsSpan(at, length)), SHA256.HashData(source.AsSpan(at, length))]);
                        at += length;
                    }

                    Assert.Equal(expected, batch.Run(source.ToArray()).ToArray().Select(static digest => digest.ToArray()));
                })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void Parts_are_not_looked_for_beyond_the_end_of_their_source()
    {
        var batch = new HashBatch();
        batch.AddPart(new byte[300], 100, 200);

        if (LaneSha256.IsSupported)
        {
            Assert.Throws<ArgumentException>(() => batch.Run(new byte[299]).Length);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(256)]
    public void The_root_over_a_tile_is_that_of_node_after_node(int width)
    {
        var hashes = RandomNumberGenerator.GetBytes(width * TreeHash.Bytes);
        var range = new CompactRange();
        for (var i = 0; i < width; i++)
        {
            range.Append(TreeHash.From(hashes.AsSpan(i * TreeHash.Bytes, TreeHash.Bytes)));
        }

        Assert.Equal(range.Root(), TreeFold.Root(hashes));
    }

    // Where the processor has no AVX-512, one by one is what is tested above.
    [Fact]
    public void Lanes_are_used_where_the_processor_has_them() =>
        Assert.Equal(System.Runtime.Intrinsics.X86.Avx512BW.IsSupported, LaneSha256.IsSupported);
}
