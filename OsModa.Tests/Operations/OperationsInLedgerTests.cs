using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Operations;
using OsModa.Tests.Ledger;
using Xunit;

namespace OsModa.Tests.Operations;

public sealed class OperationsInLedgerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rollback_leaves_its_intent_before_the_server_is_told_and_its_outcome_after_the_end()
    {
        await using var room = await OperationRoom.OpenAsync();
        var request = room.To(41) with { Reason = "scribe is slow" };
        var knownWhenTold = 0;
        var answer = room.Shell.Answer;
        room.Shell.Answer = (script, arguments) =>
        {
            knownWhenTold = Lines(room).Count;
            return answer(script, arguments);
        };

        await room.RollBack.RunAsync(room.Ann with { From = "203.0.113.5" }, request, Stop);
        Assert.Equal(1, knownWhenTold);
        var written = new TaskCompletionSource();
        using var grown = room.Ledger.Store.Subscribe(_ => written.TrySetResult());
        room.Journal(request.Sheet, OperationRoom.Begin(request.Sheet, 41));
        room.Journal(request.Sheet, OperationRoom.Done("failed", 42, 42, "It gave up."));
        var row = await room.UntilAsync(request.Sheet, o => o.Ended);
        await written.Task.WaitAsync(Stop);

        var (intent, outcome) = Lines(room) is [var newest, var oldest] ? (oldest, newest) : throw new Xunit.Sdk.XunitException("Not two entries.");
        Assert.Equal((RecordKind.Intent, "server.roll-back", "Ann"), (intent.Kind, intent.Type, intent.Actor));
        Assert.Equal(("scribe is slow", "203.0.113.5", "42", "41"), (intent.Action!.Why, intent.Action.From, intent.Action.Details["from"], intent.Action.Details["to"]));
        Assert.Equal((RecordKind.Outcome, "failed", row.Outcome), (outcome.Kind, outcome.Action!.Outcome, outcome.Action.Text));
        Assert.Equal((request.Sheet, request.Sheet), (intent.Action.Action!.Value, outcome.Action.Action!.Value));
        Assert.All([intent, outcome], line => Assert.Equal(room.Server.Id.Value, line.Source));
    }

    [Fact]
    public async Task What_cannot_be_written_into_the_ledger_is_not_done()
    {
        await using var room = await OperationRoom.OpenAsync();
        await room.Ledger.Writer.NoticeAsync(OsModa.Core.Ledger.LedgerActor.Dashboard(room.Ann.OrganisationId), "test.notice", "The log exists.");
        room.Ledger.Tamper("CREATE TRIGGER full BEFORE INSERT ON entry BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END");

        var refused = Assert.IsType<RollBackResult.Refused>(await room.RollBack.RunAsync(room.Ann, room.To(41), Stop));

        Assert.Contains("could not be written into the ledger", refused.Why, StringComparison.Ordinal);
        Assert.Equal(0, room.Shell.Orders);
        Assert.Equal(OperationState.Failed, Assert.Single(await room.History.OfServerAsync(room.Ann, room.Server.Id, cancellationToken: Stop)).State);
    }

    private static IReadOnlyList<LedgerLine> Lines(OperationRoom room) => room.Ledger.Queries.Page(room.Ann.OrganisationId, LedgerFilter.Everything).Lines;
}
