using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using OsModa.Core.Accounts;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Dashboard.Identity;
using OsModa.Dashboard.Live;

namespace OsModa.Dashboard.Pages.FleetTable;

/// <summary>All servers of the organisation, live, worst first.</summary>
public sealed partial class FleetPage
{
    private const int Step = 30;

    // The board speaks ten times a second at most; half of that, so that what it says is drawn at once although something else just was.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly SteadyOrder<FleetRow, ServerId> _order = new(row => row.Server.Id);
    private const int MostTags = 12;

    private ListHold? _hold;
    private Caller? _caller;
    private FleetBoard? _board;
    private FleetView _view = FleetView.Empty;
    private FleetFilter _filter = FleetFilter.None;
    private ImmutableArray<FleetRow> _shown = [];
    private int _found;
    private int _limit = Step;

    [Inject] public required CurrentCaller Viewer { get; set; }

    [Inject] public required FleetBoards Boards { get; set; }

    [Inject] public required NavigationManager Navigation { get; set; }

    [SupplyParameterFromQuery(Name = "state")] public string? StateQuery { get; set; }

    [SupplyParameterFromQuery(Name = "tag")] public string? TagQuery { get; set; }

    [SupplyParameterFromQuery(Name = "q")] public string? TextQuery { get; set; }

    private ListHold Hold => _hold ??= new ListHold(Time, () => Beside(LapsedAsync));

    // The one that is chosen too, wherever it stands.
    private ImmutableArray<string> Tags => [.. _view.Tags.Take(MostTags).Union(_filter.Tag is { } chosen ? [chosen] : [], StringComparer.Ordinal)];

    private int NeedLook => _view.Rows.Length - _view.Count(ServerHealth.Healthy) - _view.Count(ServerHealth.Switching);

    private string Title => NeedLook == 0 ? "● Fleet · osModa" : $"▲ {NeedLook} of {_view.Rows.Length} need a look · Fleet · osModa";

    private string Icon => _view.Count(ServerHealth.Failed) + _view.Count(ServerHealth.CrashLoop) > 0 ? "failed"
        : _view.Count(ServerHealth.Switching) > 0 ? "probation"
        : NeedLook > 0 ? "unknown" : "healthy";

    protected override async Task OnInitializedAsync()
    {
        _caller = await Viewer.ReadAsync();
        if (_caller is null)
        {
            Navigation.NavigateTo(SignIn.Path, forceLoad: true);
            return;
        }

        _board = await Boards.OfAsync(_caller);
        Arrange();
        Follow(Interval, _board.Read);
    }

    protected override void OnParametersSet()
    {
        var filter = FleetFilter.Parse(StateQuery, TagQuery, TextQuery);
        if (filter != _filter)
        {
            (_filter, _limit) = (filter, Step);
            Arrange();
        }
    }

    protected override bool Pull()
    {
        var (before, shown) = (_view, _shown);
        Arrange();
        return !shown.SequenceEqual(_shown, static (a, b) => ReferenceEquals(a, b)) || !before.SameCounts(_view)
            || _view.HeardAt - before.HeardAt >= TimeSpan.FromSeconds(1);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            _hold?.Dispose();
        }
    }

    private void Arrange()
    {
        _view = _board?.View ?? FleetView.Empty;
        _order.Held = Hold.Held;
        var due = _filter == FleetFilter.None ? _view.Rows : [.. _view.Rows.Where(row => row.Matches(_filter))];
        var steady = _order.Arrange(due);
        _found = steady.Length;
        _shown = steady.Length > _limit ? WithTrouble(steady[.._limit], due) : steady;
    }

    // While nothing moves, what went wrong further down still shows, below the others.
    private ImmutableArray<FleetRow> WithTrouble(ImmutableArray<FleetRow> shown, ImmutableArray<FleetRow> due)
    {
        var seen = shown.Select(row => row.Server.Id).ToHashSet();
        return shown.AddRange(due.Take(_limit).Where(row => row.Health is ServerHealth.Failed or ServerHealth.CrashLoop && !seen.Contains(row.Server.Id)));
    }

    private void More()
    {
        _limit += Step;
        Arrange();
    }

    private void PointerOut()
    {
        Hold.PointerOut();
        Arrange();
    }

    private Task LapsedAsync()
    {
        Arrange();
        StateHasChanged();
        return Task.CompletedTask;
    }

    private string Link(FleetFilter filter) => Navigation.GetUriWithQueryParameters("/", new Dictionary<string, object?>
    {
        ["state"] = FleetFilter.Names.FirstOrDefault(name => name.Health == filter.Health).Word,
        ["tag"] = filter.Tag,
        ["q"] = filter.Text.Length == 0 ? null : filter.Text,
    });
}
