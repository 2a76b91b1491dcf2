using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using OsModa.Core.Comparison;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Dashboard.Live;

namespace OsModa.Dashboard.Pages.OneServer;

/// <summary>The generations of a server as a timeline, newest on top, with the three pins beside it; the sheet of a rollback over it.</summary>
public sealed partial class GenerationsPage
{
    private const int First = 40;

    private readonly CancellationTokenSource _left = new();
    private IReadOnlyList<Operation> _operations = [];
    private ImmutableDictionary<string, GenerationMark> _marks = ImmutableDictionary<string, GenerationMark>.Empty;
    private ImmutableDictionary<string, DateTimeOffset> _knownGood = ImmutableDictionary<string, DateTimeOffset>.Empty;
    private ImmutableArray<int> _ticked = [];
    private bool _all, _read;    // which generations are marked bad is not known before

    [Inject] public required CompareSystems Compare { get; set; }

    [Inject] public required OperationHistory History { get; set; }

    [Inject] public required OperationRows Rows { get; set; }

    [Inject] public required ObserverHost Observers { get; set; }

    /// <summary>Number of the generation that the sheet is open for.</summary>
    [SupplyParameterFromQuery(Name = "rollback")] public string? RollbackQuery { get; set; }

    /// <summary>Id of the operation that the sheet is open for.</summary>
    [SupplyParameterFromQuery(Name = "operation")] public string? OperationQuery { get; set; }

    /// <summary>Id of the operation that the sheet takes back.</summary>
    [SupplyParameterFromQuery(Name = "undo")] public string? UndoQuery { get; set; }

    private string Timeline => $"{Address}/generations";

    private string? Old => State.Reach == Reach.Live ? null : "is-old";

    // The verb would refuse it anyway, after a person has filled the sheet.
    private string? Hindrance => State.Reach == Reach.Live ? null : $"{Server!.Name} is not heard now, so it cannot be switched. It can as soon as it is heard again.";

    private Guid? Operation => Guid.TryParse(OperationQuery, out var operation) ? operation : null;

    private Guid? Undoes => Guid.TryParse(UndoQuery, out var operation) ? operation : null;

    private Generation? Target => int.TryParse(RollbackQuery, out var number) ? Present.FirstOrDefault(g => g.Number == number) : null;

    private string Impossible => int.TryParse(RollbackQuery, out var number) && State.Generations.FirstOrDefault(g => g.Number == number) is { GoneAt: not null }
        ? $"Generation {number} is gone: it was deleted on the server, and its system with it."
        : "It never had one with this number.";

    private ImmutableArray<Generation> Present => [.. State.Generations.Where(g => g.GoneAt is null)];

    private ImmutableArray<Generation> Shown => _all ? Present : [.. Present.Take(First)];

    private WayBack? Back => WayBack.Of(State, _marks, _knownGood);

    protected override async Task FoundAsync(ServerCard server)
    {
        FollowOperations(Rows, ReadOperationsAsync);
        await InTurnAsync(ReadOperationsAsync);
        if (RendererInfo.IsInteractive)
        {
            Observers.MeasureClosures(server.Id);
            Beside(() => PrepareAsync(server));
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _left.Cancel();
            _left.Dispose();
        }

        base.Dispose(disposing);
    }

    protected override bool Matters(ServerState before, ServerState now) => MoreThanUnits(before, now);

    // Most people who come here go back by one: what that changes is read before they ask. Others compare any two.
    private async Task PrepareAsync(ServerCard server)
    {
        if (Caller is { } caller && State.Pins?.Current is { } current && Back is { } back)
        {
            await Compare.PrepareAsync(caller, server.Id, [.. State.Generations.Where(g => g.GoneAt is null).Select(g => g.System)]);
            await Compare.RunAsync(caller, server.Id, current, back.To.System, static _ => { }, cancellationToken: _left.Token);
        }
    }

    // A comparison is of two: a third takes the place of the first.
    private void Tick(int number) => _ticked = _ticked.Contains(number) ? _ticked.Remove(number) : [.. _ticked.TakeLast(1), number];

    private async Task ReadOperationsAsync()
    {
        var server = Server!;
        _operations = await History.OfServerAsync(Caller!, server.Id);
        _marks = await History.MarksAsync(Caller!, server.Id);
        _knownGood = await History.KnownGoodAsync(Caller!, server.Id);
        _read = true;
    }

    private DateTimeOffset? GoodSince(Generation generation) => _knownGood.TryGetValue(generation.System.Text, out var since) ? since : null;

    /// <summary>The run in which a generation was given up, while that still stands against it.</summary>
    private Operation? WentBack(Generation generation) => _marks.TryGetValue(generation.System.Text, out var mark)
        ? _operations.FirstOrDefault(o => o.Id == mark.Operation && o.GivenUp == generation.System.Text)
        : null;

    private int BackRows(Generation generation, int line) =>
        WentBack(generation) is { } run && Shown.IndexOf(Shown.FirstOrDefault(g => g.Number == (run.Kind == OperationKind.StandingWatch ? run.TargetGeneration : run.FromGeneration))!) is var below && below > line
            ? below - line
            : 0;

    /// <summary>The newest switch that made this the system: ours or somebody else's.</summary>
    private Operation? MadeBy(Generation generation) =>
        _operations.FirstOrDefault(o => o.State is OperationState.Verified or OperationState.RolledBack && !o.OnlyNextBoot && o.TargetSystem == generation.System.Text && o.TargetGeneration == generation.Number);
}
