using OsModa.Core.Ledger.Tree;
using Xunit;

namespace OsModa.Tests.Ledger.Tree;

public sealed class EntryBundleTests
{
    [Fact]
    public void Entries_come_back_in_order_whatever_their_length()
    {
        var bundle = new List<byte>();
        byte[][] entries = [[], [1], new byte[300], new byte[65_535]];
        foreach (var entry in entries)
        {
            EntryBundle.Append(bundle, entry);
        }

        Assert.Equal([0, 0, 0, 1, 1, 1, 44], bundle[..7]);
        ReadOnlySpan<byte> rest = bundle.ToArray();
        foreach (var entry in entries)
        {
            Assert.True(EntryBundle.TryTake(ref rest, out var read));
            Assert.Equal(entry, read.ToArray());
        }

        Assert.True(rest.IsEmpty);
        Assert.False(EntryBundle.TryTake(ref rest, out _));
        Assert.True(EntryBundle.TryFind(bundle.ToArray(), 1, out var second));
        Assert.Equal([1], second.ToArray());
        Assert.False(EntryBundle.TryFind(bundle.ToArray(), 4, out _));
    }

    [Fact]
    public void What_is_cut_off_is_no_entry()
    {
        ReadOnlySpan<byte> cut = [0, 5, 1, 2, 3, 4];

        Assert.False(EntryBundle.TryTake(ref cut, out _));
        Assert.Throws<ArgumentException>(() => EntryBundle.Append([], new byte[65_536]));
    }
}
