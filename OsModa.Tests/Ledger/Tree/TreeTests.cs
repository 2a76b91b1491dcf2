using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Tree;
using Xunit;

namespace OsModa.Tests.Ledger.Tree;

public sealed class TreeTests
{
    private static readonly PlainTree Tree = new(2_100);

    /// <summary>The trees that the tests of RFC 6962's own implementation are made of: eight leaves, and the root at each size.</summary>
    [Fact]
    public void Roots_known_from_certificate_transparency_come_out()
    {
        string[] leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
        string[] roots =
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        var range = new CompactRange();

        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", range.Root().ToHex());
        foreach (var (leaf, root) in leaves.Zip(roots))
        {
            range.Append(Sha256.Leaf(Convert.FromHexString(leaf)));
            Assert.Equal(root, range.Root().ToHex());
        }
    }

    [Fact]
    public void The_right_edge_gives_the_root_at_every_size()
    {
        var range = new CompactRange();
        for (var size = 0; size <= 300; size++)
        {
            Assert.Equal(Tree.Root(size), range.Root());
            Assert.Equal(Tree.Root(size), Ranges.Root(Tree, size));
            Assert.Equal(Tree.Root(size), Ranges.Edge(Tree, size).Root());
            Assert.True(CompactRange.TryParse(size, range.ToBytes(), out var again));
            Assert.Equal(Tree.Root(size), again.Root());
            range.Append(Tree[size]);
        }
    }

    [Fact]
    public void An_edge_of_the_wrong_length_is_refused()
    {
        Assert.False(CompactRange.TryParse(3, new byte[32], out _));
        Assert.False(CompactRange.TryParse(-1, [], out _));
        Assert.False(CompactRange.TryParse(1, new byte[33], out _));
    }

    [Fact]
    public void Subtrees_join_as_leaves_do()
    {
        var range = new CompactRange();
        range.AppendSubtree(3, Tree.Root(8));
        range.AppendSubtree(2, Tree.Read(2, 2));
        range.AppendSubtree(2, Tree.Read(2, 3));
        range.Append(Tree[16]);

        Assert.Equal(Tree.Root(17), range.Root());
        Assert.Throws<ArgumentOutOfRangeException>(() => range.AppendSubtree(1, Tree.Root(2)));
    }
}
