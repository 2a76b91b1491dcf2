using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using Xunit;

namespace OsModa.Tests.Operations;

public sealed class KnownGoodTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_target_that_ran_a_day_without_trouble_is_known_good()
    {
        await using var room = await OperationRoom.OpenAsync();
        var id = await FinishedAsync(room);
        var known = Of(room);

        room.Clock.Advance(TimeSpan.FromHours(23));
        await known.LookAsync(Stop);
        Assert.Null((await room.RowAsync(id)).KnownGoodAt);
        room.Clock.Advance(TimeSpan.FromHours(1));
        await known.LookAsync(Stop);

        Assert.Contains(OperationRoom.SystemOf(41).Text, await room.History.KnownGoodAsync(room.Ann, room.Server.Id, Stop));
    }

    [Fact]
    public async Task Trouble_begins_the_day_anew()
    {
        await using var room = await OperationRoom.OpenAsync();
        var id = await FinishedAsync(room);
        var known = Of(room);
        room.Clock.Advance(TimeSpan.FromHours(23));
        room.See(s => s with { Units = s.Units.SetItem(UnitName.Parse("scout.service"), new UnitState { Name = UnitName.Parse("scout.service"), Health = UnitHealth.Failed }) });
        await known.LookAsync(Stop);
        room.See(s => s with { Units = s.Units.Clear() });

        room.Clock.Advance(TimeSpan.FromHours(23));
        await known.LookAsync(Stop);
        Assert.Null((await room.RowAsync(id)).KnownGoodAt);
        room.Clock.Advance(TimeSpan.FromHours(1));
        await known.LookAsync(Stop);

        Assert.NotNull((await room.RowAsync(id)).KnownGoodAt);
    }

    [Fact]
    public async Task What_does_not_run_any_more_becomes_nothing()
    {
        await using var room = await OperationRoom.OpenAsync();
        var id = await FinishedAsync(room);
        room.Live(43);

        room.Clock.Advance(TimeSpan.FromHours(48));
        await Of(room).LookAsync(Stop);

        Assert.Null((await room.RowAsync(id)).KnownGoodAt);
    }

    private static KnownGood Of(OperationRoom room) => new(room.Database, room.Fleet, room.Rows, new KnownGoodSettings(), room.Clock, NullLogger<KnownGood>.Instance);

    private static async Task<Guid> FinishedAsync(OperationRoom room)
    {
        var request = room.To(41);
        await room.RollBack.RunAsync(room.Ann, request, Stop);
        room.Live(41);
        room.Journal(request.Sheet, OperationRoom.Begin(request.Sheet, 41));
        room.Journal(request.Sheet, OperationRoom.Done("verified", 41, 41));
        await room.UntilAsync(request.Sheet, o => o.Ended);
        return request.Sheet;
    }
}
