using OsModa.Core.Ledger.Chains;
using Xunit;

namespace OsModa.Tests.Ledger.Mirror;

/// <summary>A file that is no ledger is an alarm and nothing worse.</summary>
public sealed class ForeignDatabaseTests : MirrorRoom
{
    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(100)]
    [InlineData(5_000)]
    [InlineData(12_300)]
    public async Task A_file_that_is_no_database_is_an_alarm_and_nothing_worse(int at)
    {
        await CopiedAsync(500);
        Agent!.Run("PRAGMA wal_checkpoint(TRUNCATE)");
        var file = Path.Combine(Folder, "ledger.db");
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        new Random(at).NextBytes(bytes.AsSpan(at, Math.Min(4_096, bytes.Length - at)));
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
        Mirror.CompareAll();

        await SeesAsync(s => s.Status.Severity() == ChainSeverity.Alarm);
    }

    [Fact]
    public async Task A_tree_that_leads_back_into_itself_ends()
    {
        await CopiedAsync(3_000);
        Agent!.Run("PRAGMA wal_checkpoint(TRUNCATE)");
        var file = Path.Combine(Folder, "ledger.db");
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        var root = (int)Agent.Root("events");
        var page = bytes.AsMemory((root - 1) * 4_096, 4_096);
        Assert.Equal(5, page.Span[0]);      // an inner page
        for (var cell = 0; cell < (page.Span[3] << 8) + page.Span[4]; cell++)
        {
            var at = (page.Span[12 + (2 * cell)] << 8) + page.Span[13 + (2 * cell)];
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(page.Span[at..], root);
        }

        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
        Mirror.CompareAll();

        await SeesAsync(s => s.Status.Severity() == ChainSeverity.Alarm);
    }
}
