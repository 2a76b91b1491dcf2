using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using OsModa.Core.Accounts;
using OsModa.Core.Comparison;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Dashboard.Live;
using OsModa.Dashboard.Pages.OneServer;

namespace OsModa.Dashboard.Pages.Comparing;

/// <summary>What is different between two generations of a server, and what a switch from one to the other will do.</summary>
public sealed partial class ComparePage
{
    private PairOfSystems? _pair;
    private SystemDifference? _difference;
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
        if (Server is not null && (pair != _pair || Unit != _unit))
        {
            (_pair, _unit) = (pair, Unit);
            await ReadAsync();
        }
    }

    // The comparison itself never changes; what a switch would do depends on which system runs and on its units.
    protected override bool Matters(ServerState before, ServerState now)
    {
        if (_difference is null && _fault is null && before.Generations.IsEmpty && !now.Generations.IsEmpty)
        {
            Beside(ReadAsync);
            return true;
        }

        if (before.Pins != now.Pins || before.Agents != now.Agents || before.Health != now.Health)
        {
            Foretell();
            return true;
        }

        return false;
    }

    private async Task ReadAsync()
    {
        (_difference, _forecast, _fault, _suspects, _dryRun) = (null, null, null, default, default);
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

        _difference = await Compare.KnownAsync(caller, server.Id, from.System, to.System, _unit);
        Foretell();
        if (!RendererInfo.IsInteractive)
        {
            // The server begins to answer while the page becomes live in the browser.
            if (_difference is null)
            {
                Beside(() => Compare.PrepareAsync(caller, server.Id, [from.System, to.System]));
            }

            return;
        }

        Beside(() => LearnTimesAsync(caller, server));
        if (_difference is { Read: ComparisonPart.Texts })
        {
            Beside(CheckAsync);
            return;
        }

        try
        {
            Take(pair, _unit, await Compare.RunAsync(caller, server.Id, from.System, to.System, part => Beside(() => Show(pair, part)), _unit, Left), server.Name);
        }
        catch (OperationCanceledException) when (Left.IsCancellationRequested)
        {
            // The page was left.
        }
    }

    private void Take(PairOfSystems pair, UnitName? unit, CompareResult result, string name)
    {
        if (pair != _pair || unit != _unit)
        {
            return;
        }

        switch (result)
        {
            case CompareResult.Compared(var difference):
                _difference = difference;
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
        _past = PastSwitches.Of(await History.OfServerAsync(caller, server.Id, cancellationToken: Left));
        StateHasChanged();
    }

    // What the rules say of a switch that can be made now is held against a dry run on the server itself, for those who may make it.
    private async Task CheckAsync()
    {
        if (_pair is not { } pair || To is not { } to || Server is not { } server || Caller is not { MayAct: true } caller
            || _forecast is not { FromRuns: true } || _difference is not { } difference || difference.From == difference.To)
        {
            return;
        }

        try
        {
            _dryRun = new DryRun(Runs: true, Units: null);
            StateHasChanged();
            var preview = await Preview.RunAsync(caller, server.Id, to.Number, to.System, Left);
            if (pair == _pair)
            {
                _dryRun = new DryRun(Runs: false, preview?.Switch?.Units);
                Foretell();
                StateHasChanged();
            }
        }
        catch (OperationCanceledException) when (Left.IsCancellationRequested)
        {
            // The page was left.
        }
    }

    private Task Show(PairOfSystems pair, SystemDifference part)
    {
        if (pair == _pair && (_difference is null || _difference.Read < part.Read))
        {
            _difference = part;
            StateHasChanged();
        }

        return Task.CompletedTask;
    }

    private void Foretell()
    {
        var whole = _difference is { Read: ComparisonPart.Texts } read ? read : null;
        _forecast = whole is null ? null : Forecast.Of(whole, State, whole.From == State.Pins?.Current ? _dryRun.Units : null);
        _suspects = whole is not null && _unit is { } unit ? Suspects.Find(whole, unit) : default;
    }
}
