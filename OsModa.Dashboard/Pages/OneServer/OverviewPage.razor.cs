using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Dashboard.Components;
using OsModa.Dashboard.Live;

namespace OsModa.Dashboard.Pages.OneServer;

/// <summary>How a server is, on one page.</summary>
public sealed partial class OverviewPage
{
    private const int Newest = 5;

    private IReadOnlyList<Operation>? _operations;
    private ImmutableDictionary<string, GenerationMark> _marks = ImmutableDictionary<string, GenerationMark>.Empty;
    private ImmutableDictionary<string, DateTimeOffset> _knownGood = ImmutableDictionary<string, DateTimeOffset>.Empty;

    [Inject] public required OperationHistory History { get; set; }

    [Inject] public required OperationRows Rows { get; set; }

    private bool IsLive => State.Reach == Reach.Live;

    private string Looks => State.HeardAt is null ? "not heard yet" : (Wrong.Count, IsLive) switch
    {
        (0, true) => "nothing needs a look",
        (0, false) => "nothing needed a look when last heard",
        (var count, true) => Amount.Count(count, "unit needs a look", "units need a look"),
        (var count, false) => $"{Amount.Count(count, "unit")} needed a look when last heard",
    };

    // Who finds a server in trouble looks for the way out; a server that is well needs none.
    private WayBack? Rescue => IsLive && State.Health is ServerHealth.Failed or ServerHealth.CrashLoop && Caller?.MayAct == true
        && WayBack.Of(State, _marks, _knownGood) is { KnownGood: true } back ? back : null;

    private List<UnitState> Wrong => [.. State.Units.Values.Where(unit => unit.Health is UnitHealth.Failed or UnitHealth.CrashLoop)];

    private List<UnitState> Agents => [.. State.Units.Values.Where(unit => unit.Agent is not null)];

    protected override async Task FoundAsync(ServerCard server)
    {
        FollowOperations(Rows, ReadOperationsAsync);
        await InTurnAsync(ReadOperationsAsync);
    }

    private async Task ReadOperationsAsync()
    {
        _marks = await History.MarksAsync(Caller!, Server!.Id);
        _knownGood = await History.KnownGoodAsync(Caller!, Server.Id);
        _operations = await History.OfServerAsync(Caller!, Server.Id, Newest);
    }
}
