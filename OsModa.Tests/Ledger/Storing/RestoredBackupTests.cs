using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;
using Xunit;

namespace OsModa.Tests.Ledger.Storing;

/// <summary>A database that is older than what was signed: it is read, and goes on in a new epoch only when an owner says so.</summary>
public sealed class RestoredBackupTests
{
    [Fact]
    public async Task An_owner_with_a_reason_goes_on_after_a_restored_backup_and_nobody_else()
    {
        await using var ledger = new TestLedger();
        var begin = new BeginLedgerEpoch(ledger.Store, ledger.Queries, ledger.Clock);
        var owner = new Caller(Guid.NewGuid(), "Ann", TestLedger.Ours, Role.Owner);
        await ledger.ActAsync(5);
        await ledger.SignAsync();
        Assert.Equal("The ledger is in order: there is nothing to break off.", await begin.RunAsync(owner, "just so"));
        await ledger.ReopenAsync(() => File.Copy(ledger.Settings.File, ledger.Settings.File + ".backup"));
        await ledger.ActAsync(5);
        await ledger.SignAsync();
        await ledger.ReopenAsync(() => File.Copy(ledger.Settings.File + ".backup", ledger.Settings.File, overwrite: true));
        begin = new BeginLedgerEpoch(ledger.Store, ledger.Queries, ledger.Clock);

        Assert.NotNull(await begin.RunAsync(owner with { Role = Role.Operator }, "Restored the backup of Tuesday"));
        Assert.NotNull(await begin.RunAsync(owner, " "));
        Assert.Null(await begin.RunAsync(owner, "Restored the backup of Tuesday"));

        await ledger.ActAsync(1);
        await ledger.SignAsync();
        var state = ledger.Queries.State(TestLedger.Ours)!;
        Assert.Equal((2u, 2L, (string?)null), (state.Epoch, state.Size, state.Stopped));
        Assert.Null(ledger.Queries.State(LogName.Root)!.Stopped);
    }

    [Fact]
    public async Task A_restored_backup_is_read_and_neither_written_nor_signed_until_a_new_epoch_begins()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(5);
        await ledger.SignAsync();
        await ledger.ReopenAsync(() => File.Copy(ledger.Settings.File, ledger.Settings.File + ".backup"));
        await ledger.ActAsync(5);
        await ledger.SignAsync();
        var signed = ledger.Queries.Heads(TestLedger.Ours)[0];
        await ledger.ReopenAsync(() => File.Copy(ledger.Settings.File + ".backup", ledger.Settings.File, overwrite: true));

        var refused = await Assert.ThrowsAsync<ForkGuardException>(() => ledger.ActAsync(1));
        Assert.Equal((5L, 10L), (refused.Size, refused.Signed.Size));
        Assert.Contains("has 5 entries, but 10 were signed", refused.Message, StringComparison.Ordinal);
        Assert.Equal(5, ledger.Queries.Page(TestLedger.Ours, new()).Lines.Count);
        await ledger.SignAsync();
        Assert.Equal([5], ledger.Queries.Heads(TestLedger.Ours).Select(head => head.Size));

        await ledger.Store.BeginEpochAsync(TestLedger.Ours, new ActionBody { Verb = "", Who = "Ann", Why = "The disk broke" }, ledger.Clock.GetUtcNow());
        await ledger.ActAsync(1);
        await ledger.SignAsync();

        var state = ledger.Queries.State(TestLedger.Ours)!;
        Assert.Equal(("ledger.example/ledger/11111111111171118111111111111111/2", 2u, 2L, (string?)null), (state.Origin, state.Epoch, state.Size, state.Stopped));
        var first = ledger.Queries.Entry(TestLedger.Ours, 0)!;
        Assert.Equal(RecordKind.EpochStart, first.Line.Kind);
        Assert.Equal(("The disk broke", "5", "10"), (first.Action!.Why, first.Action.Details["endedSize"], first.Action.Details["signedSize"]));
        Assert.True(Checkpoint.TryParse(signed.Note!.Text, out var head));
        Assert.Equal(head.Root.ToBase64(), first.Action.Details["signedRoot"]);
    }
}
