using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Tree;
using Xunit;

namespace OsModa.Tests.Ledger.Tree;

/// <summary>Every proof of every small tree: the right one is accepted, and whatever is wrong with it, it is not.</summary>
public sealed class ProofTests
{
    private const int Largest = 66;
    private static readonly PlainTree Tree = new(2_100);

    [Fact]
    public void Every_inclusion_proof_is_as_the_RFC_defines_it_and_no_damaged_one_is_taken()
    {
        for (var size = 1; size <= Largest; size++)
        {
            for (var index = 0; index < size; index++)
            {
                var proof = Inclusion.Prove(Tree, index, size);
                var root = Tree.Root(size);

                Assert.Equal(Tree.Path(index, 0, size), proof);
                Assert.True(Inclusion.Verify(index, size, Tree[index], proof, root));
                foreach (var damaged in Damaged(proof))
                {
                    Assert.False(Inclusion.Verify(index, size, Tree[index], damaged, root));
                }

                for (var other = -1; other <= size; other++)
                {
                    Assert.Equal(other == index, Inclusion.Verify(other, size, Tree[index], proof, root));
                }

                Assert.False(Inclusion.Verify(index, size, Tree[index + 1], proof, root));
                Assert.False(Inclusion.Verify(index, size, Tree[index], proof, Tree.Root(size + 1)));
            }
        }
    }

    [Fact]
    public void Every_consistency_proof_is_as_the_RFC_defines_it_and_no_damaged_one_is_taken()
    {
        for (var to = 1; to <= Largest; to++)
        {
            for (var from = 1; from <= to; from++)
            {
                var proof = Consistency.Prove(Tree, from, to);
                var (old, now) = (Tree.Root(from), Tree.Root(to));

                Assert.Equal(Tree.Subproof(from, 0, to, whole: true), proof);
                Assert.True(Consistency.Verify(from, old, to, now, proof));
                foreach (var damaged in Damaged(proof))
                {
                    Assert.False(Consistency.Verify(from, old, to, now, damaged));
                }

                Assert.False(Consistency.Verify(from, Tree.Root(from + 1), to, now, proof));
                Assert.False(Consistency.Verify(from, old, to, Tree.Root(to + 1), proof));
                if (from < to)
                {
                    Assert.False(Consistency.Verify(to, now, from, old, proof));
                    Assert.False(Consistency.Verify(from + 1, old, to, now, proof));
                }
            }
        }
    }

    [Fact]
    public void From_the_empty_tree_and_to_itself_nothing_needs_to_be_proved()
    {
        var root = Tree.Root(5);

        Assert.Empty(Consistency.Prove(Tree, 0, 5));
        Assert.True(Consistency.Verify(0, Sha256.EmptyRoot, 5, root, []));
        Assert.False(Consistency.Verify(0, root, 5, root, []));
        Assert.False(Consistency.Verify(0, Sha256.EmptyRoot, 5, root, [root]));
        Assert.True(Consistency.Verify(5, root, 5, root, []));
        Assert.False(Consistency.Verify(5, root, 5, Tree.Root(6), []));
        Assert.False(Consistency.Verify(5, root, 5, root, [root]));
        Assert.False(Consistency.Verify(0, root, 0, root, []));
    }

    [Fact]
    public void A_node_is_not_taken_for_a_leaf()
    {
        // The second pre-image: the tree of the two nodes has the same root as the tree of their four leaves.
        var node = Tree.Read(1, 0);

        Assert.False(Inclusion.Verify(0, 4, node, [Tree.Read(1, 1)], Tree.Root(4)));
        Assert.False(Inclusion.Verify(0, 2, Sha256.Leaf([.. Tree[0].AsSpan(), .. Tree[1].AsSpan()]), [Tree.Read(1, 1)], Tree.Root(4)));
    }

    [Fact]
    public void Proofs_from_tiles_are_the_same()
    {
        const int size = 2_100;
        var nodes = new TiledSubtrees(ReadTile, size);
        foreach (var index in new[] { 0, 1, 255, 256, 511, 1_023, 1_024, 2_047, 2_048, 2_099 })
        {
            Assert.Equal(Inclusion.Prove(Tree, index, size), Inclusion.Prove(nodes, index, size));
            Assert.Equal(Consistency.Prove(Tree, index + 1, size), Consistency.Prove(nodes, index + 1, size));
        }

        static ReadOnlyMemory<byte> ReadTile(TileId id)
        {
            Assert.Contains(id, TileId.OfTree(size));
            return Enumerable.Range(0, id.Width).SelectMany(i => Tree.Read(8 * id.Level, (id.Index * 256) + i).ToArray()).ToArray();
        }
    }

    /// <summary>With one bit of each hash flipped, one hash too few, one too many, two swapped.</summary>
    private static IEnumerable<TreeHash[]> Damaged(TreeHash[] proof)
    {
        for (var i = 0; i < proof.Length; i++)
        {
            var bytes = proof[i].ToArray();
            bytes[i % 32] ^= (byte)(1 << (i % 8));
            yield return [.. proof[..i], TreeHash.From(bytes), .. proof[(i + 1)..]];
            yield return [.. proof[..i], .. proof[(i + 1)..]];
            if (i > 0)
            {
                yield return [.. proof[..(i - 1)], proof[i], proof[i - 1], .. proof[(i + 1)..]];
            }
        }

        yield return [.. proof, TreeHash.Zero];
        yield return [TreeHash.Zero, .. proof];
    }
}
