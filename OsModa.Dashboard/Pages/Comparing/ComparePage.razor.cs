using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using OsModa.Core.Accounts;
using OsModa.Core.Comparison;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Dashboard.Live;
using OsModa.Dashboard.Pages.OneServer;

namespace OsModa.Dashboard.Pages.Comparing;

/// <summary>What is different between two generations of a server, and what a switch from one to the other will do.</summary>
public sealed partial class ComparePage
{
    private ServerId? _of;
    private PairOfSystems? _pair;
    private Forecast? _forecast;
    private ImmutableArray<Suspect> _suspects;
    private UnitName? _unit;
    private (string What, string Why)? _fault;
    private PastSwitches _past = PastSwitches.None;
    private DryRun _dryRun;

    [Inject] public required CompareSystems Compare { get; set; }

    [Inject] public required OperationHistory History { get; set; }

    [Inject] public required PreviewRollBack Preview { get; set; }

    /// <summary>The two numbers, from the address.</summary>
    [Parameter] public string Pair { get; set; } = "";

    /// <summary>A unit that fails: what may be why is told first.</summary>
    [SupplyParameterFromQuery(Name = "unit")] public string? UnitQuery { get; set; }

    private UnitName? Unit => UnitName.TryParse(UnitQuery, out var unit) ? unit : null;

    private string Kept => Unit is { } unit ? $"unit={Uri.EscapeDataString(unit.Text)}" : "";

    private Generation? From => _pair is { } pair ? PairOfSystems.Find(State, pair.From) : null;

    private Generation? To => _pair is { } pair ? PairOfSystems.Find(State, pair.To) : null;

    private ImmutableArray<Generation> Present => [.. State.Generations.Where(g => g.GoneAt is null)];

    protected override async Task OnParametersSetAsync()
    {
        await base.OnParametersSetAsync();
        PairOfSystems? pair = PairOfSystems.TryParse(Pair, out var read) ? read : null;
        if (Server is { } server && (server.Id != _of || pair != _pair || Unit != _unit))
        {
            (_of, _pair, _unit) = (server.Id, pair, Unit);
            await ReadAsync();
        }
    }

    // The comparison itself never changes; what a switch would do depends on which system runs and on its units.
    protected override bool Matters(ServerState before, ServerState now)
    {
        if (Difference is null && _fault is null && before.Generations.IsEmpty && !now.Generations.IsEmpty)
        {
            Beside(ReadAgainAsync);
            return true;
        }

        if (before.Pins == now.Pins && before.Reach == now.Reach && before.Agents == now.Agents && before.Health == now.Health && (_forecast is not { FromRuns: true } || RunTheSame(before, now)))
        {
            return false;
        }

        var ran = _forecast is { FromRuns: true };
        Foretell();
        if (!ran && _forecast is { FromRuns: true } && _dryRun is { Runs: false, Units: null })
        {
            Beside(CheckAsync);
        }

        return true;
    }

    private static bool RunTheSame(ServerState before, ServerState now) =>
        ReferenceEquals(before.Units, now.Units)
        || (before.Units.Count == now.Units.Count && now.Units.All(unit => before.Units.TryGetValue(unit.Key, out var was) && RunningUnits.Runs(was) == RunningUnits.Runs(unit.Value)));

    private async Task ReadAgainAsync()
    {
        await ReadAsync();
        StateHasChanged();
    }

    private async Task ReadAsync()
    {
        var reading = ReadAnew();
        (Difference, _forecast, _fault, _suspects, _dryRun) = (null, null, null, default, default);
        if (_pair is not { } pair || Server is not { } server || Caller is not { } caller || State.Generations.IsEmpty)
        {
            return;
        }

        if (From is not { } from || To is not { } to)
        {
            var missing = From is null ? pair.From : pair.To;
            _fault = ($"{server.Name} has no generation {missing}.", "It may have been deleted, or never was; choose among those that are there.");
            return;
        }

        try
        {
            var known = await Compare.KnownAsync(caller, server.Id, from.System, to.System, _unit, reading);
            reading.ThrowIfCancellationRequested();
            Difference = known;
            Foretell();
            if (!RendererInfo.IsInteractive)
            {
                // The server begins to answer while the page becomes live in the browser.
                if (known is null)
                {
                    Beside(() => Compare.PrepareAsync(caller, server.Id, [from.System, to.System]));
                }

                return;
            }

            Beside(() => LearnTimesAsync(caller, server));
            if (known is { Read: ComparisonPart.Texts })
            {
                Beside(CheckAsync);
                return;
            }

            var result = await Compare.RunAsync(caller, server.Id, from.System, to.System, part => Beside(() => Show(part, reading)), _unit, reading);
            reading.ThrowIfCancellationRequested();
            Take(result, server.Name);
        }
        catch (OperationCanceledException) when (reading.IsCancellationRequested)
        {
            // The page was left, or compares something else by now.
        }
    }

    private void Take(CompareResult result, string name)
    {
        switch (result)
        {
            case CompareResult.Compared(var difference):
                Difference = difference;
                Foretell();
                Beside(CheckAsync);
                break;
            case CompareResult.Gone:
                _fault = ("One of the two systems is gone.", $"It was collected as garbage on {name}, so there is nothing left to compare.");
                break;
            case CompareResult.Failed(var fault):
                _fault = ($"{name} did not say what is different.", fault.Detail);
                break;
            case CompareResult.NoServer:
                Navigation.NotFound();
                break;
        }
    }

    private async Task LearnTimesAsync(Caller caller, ServerCard server)
    {
        var past = PastSwitches.Of(await History.OfServerAsync(caller, server.Id, cancellationToken: Left));
        if (server.Id == _of)
        {
            _past = past;
            StateHasChanged();
        }
    }

    // What the rules say of a switch that can be made now is held against a dry run on the server itself, for those who may make it.
    private async Task CheckAsync()
    {
        var reading = Reading;
        if (To is not { } to || Server is not { } server || Caller is not { MayAct: true } caller
            || _forecast is not { FromRuns: true } || Difference is not { } difference || difference.From == difference.To)
        {
            return;
        }

        try
        {
            _dryRun = new DryRun(Runs: true, Units: null);
            StateHasChanged();
            var preview = await Preview.RunAsync(caller, server.Id, to.Number, to.System, reading);
            reading.ThrowIfCancellationRequested();
            _dryRun = new DryRun(Runs: false, preview?.Switch?.Units);
            Foretell();
            StateHasChanged();
        }
        catch (OperationCanceledException) when (reading.IsCancellationRequested)
        {
            // The page was left, or compares something else by now.
        }
    }

    private void Foretell()
    {
        var whole = Difference is { Read: ComparisonPart.Texts } read ? read : null;
        _forecast = whole is null ? null : Forecast.Of(whole, State, whole.From == State.Pins?.Current && State.Reach == Reach.Live ? _dryRun.Units : null);
        _suspects = whole is not null && _unit is { } unit ? Suspects.Find(whole, unit) : default;
    }
}
