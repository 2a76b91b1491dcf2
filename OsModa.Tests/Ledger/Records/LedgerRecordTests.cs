using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Tree;
using Xunit;

namespace OsModa.Tests.Ledger.Records;

public sealed class LedgerRecordTests
{
    [Fact]
    public void Records_leaves_and_roots_are_those_of_the_independent_program()
    {
        var range = new CompactRange();
        for (var i = 0; i < 3; i++)
        {
            var record = LedgerRecord.Write(
                RecordKind.PipedEvent, Vectors.Source, 1, DateTimeOffset.FromUnixTimeMilliseconds(Vectors.ReceivedAt + Vectors.Events[i].Id), Vectors.Hex(Vectors.Piped[i]), Vectors.PreImage(i));

            Assert.Equal(Vectors.Records[i], record);
            Assert.Equal(new[] { 175, 212, 197 }[i], record.Length);
            Assert.Equal(Vectors.Leaves[i], Sha256.Leaf(record).ToHex());
            range.Append(Sha256.Leaf(record));
            Assert.Equal(i switch { 1 => Vectors.Root2, 2 => Vectors.Root3, _ => Sha256.Leaf(record) }, range.Root());
        }
    }

    [Fact]
    public void A_record_is_read_as_it_was_written()
    {
        Assert.True(LedgerRecord.TryParse(Vectors.Records[1], out var record));
        Assert.Equal(RecordKind.PipedEvent, record.Kind);
        Assert.Equal(Vectors.Source, record.Source);
        Assert.Equal(1u, record.Epoch);
        Assert.Equal(Vectors.ReceivedAt + 2, record.ReceivedMs);
        Assert.Equal(Vectors.Piped[1], record.ChainHash.ToHex());
        Assert.Equal(Vectors.PreImage(1), record.Body.ToArray());
        Assert.False(record.IsBeside);
    }

    [Fact]
    public void A_body_kept_beside_leaves_its_hash_and_length()
    {
        var body = new byte[100_000];
        var bytes = LedgerRecord.Write(RecordKind.Intent, Vectors.Source, 0, DateTimeOffset.UnixEpoch, TreeHash.Zero, LedgerRecord.Beside(body), isBeside: true);

        Assert.Equal((byte)0x90, bytes[1]);
        Assert.True(LedgerRecord.TryParse(bytes, out var record));
        Assert.True(record.IsBeside);
        Assert.Equal([.. Sha256.Plain(body).AsSpan(), 0, 0, 0, 0, 0, 1, 0x86, 0xa0], record.Body.ToArray());
        Assert.False(LedgerRecord.TryParse(bytes.AsSpan(0, bytes.Length - 1), out _));
    }

    [Fact]
    public void What_is_no_record_is_refused()
    {
        var good = Vectors.Records[0];

        Assert.False(LedgerRecord.TryParse([], out _));
        Assert.False(LedgerRecord.TryParse(good.AsSpan(0, 61), out _));
        Assert.False(LedgerRecord.TryParse([2, .. good.AsSpan(1)], out _));
        Assert.False(LedgerRecord.TryParse([1, 3, .. good.AsSpan(2)], out _));
        Assert.False(LedgerRecord.TryParse([1, 0x10, .. good.AsSpan(2)], out _));    // an action has no chain hash
        Assert.False(LedgerRecord.TryParse(new byte[65_536], out _));
        Assert.Throws<ArgumentException>(() => LedgerRecord.Write(RecordKind.Intent, Guid.Empty, 0, DateTimeOffset.UnixEpoch, TreeHash.Zero, new byte[65_500]));
    }
}
