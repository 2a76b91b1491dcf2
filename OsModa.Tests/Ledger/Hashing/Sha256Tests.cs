using System.Security.Cryptography;
using OsModa.Core.Ledger.Hashing;
using Xunit;

namespace OsModa.Tests.Ledger.Hashing;

public sealed class Sha256Tests
{
    [Fact]
    public void OpenSSL_is_called_directly_on_this_machine() => Assert.True(Sha256.IsDirect);

    [Fact]
    public void Hashes_are_those_of_the_platform_whatever_the_length()
    {
        var data = new byte[70_000];
        RandomNumberGenerator.Fill(data);
        foreach (var length in Enumerable.Range(0, 300).Concat([8_190, 8_191, 8_192, 8_193, 65_534, 65_535, 65_536, 70_000]))
        {
            Assert.Equal(SHA256.HashData(data.AsSpan(0, length)), Sha256.Plain(data.AsSpan(0, length)).ToArray());
            Assert.Equal(SHA256.HashData([0, .. data.AsSpan(0, length)]), Sha256.Leaf(data.AsSpan(0, length)).ToArray());
        }
    }

    [Fact]
    public void A_node_is_one_and_both_hashes()
    {
        var (left, right) = (Sha256.Plain("a"u8), Sha256.Plain("b"u8));

        Assert.Equal(SHA256.HashData([1, .. left.AsSpan(), .. right.AsSpan()]), Sha256.Node(left, right).ToArray());
    }

    [Fact]
    public void The_path_through_the_platform_gives_the_same()
    {
        Assert.Equal(Sha256.Plain("abc"u8), Sha256.ThroughDotNet(-1, "abc"u8));
        Assert.Equal(Sha256.Leaf("abc"u8), Sha256.ThroughDotNet(0, "abc"u8));
    }

    [Fact]
    public async Task Threads_do_not_share_a_message()
    {
        var expected = Enumerable.Range(0, 64).Select(i => SHA256.HashData(BitConverter.GetBytes(i))).ToArray();

        await Parallel.ForEachAsync(Enumerable.Range(0, 64), (i, _) =>
        {
            for (var turn = 0; turn < 500; turn++)
            {
                Assert.Equal(expected[i], Sha256.Plain(BitConverter.GetBytes(i)).ToArray());
            }

            return ValueTask.CompletedTask;
        });
    }
}
