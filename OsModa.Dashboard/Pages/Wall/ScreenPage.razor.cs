using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using OsModa.Core.Accounts;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Dashboard.Components;
using OsModa.Dashboard.Identity;
using OsModa.Dashboard.Live;

namespace OsModa.Dashboard.Pages.Wall;

/// <summary>The fleet for a screen on the wall: one sentence, then only what is not healthy, worst first; read from five metres, touched by nobody.</summary>
public sealed partial class ScreenPage
{
    /// <summary>Lines that have room in large type.</summary>
    private const int Most = 6;

    private const int MostNames = 4;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private Caller? _caller;
    private FleetBoard? _board;
    private FleetView _view = FleetView.Empty;
    private Operation? _rescue;
    private DateTimeOffset _heardShown;

    [Inject] public required CurrentCaller Viewer { get; set; }

    [Inject] public required FleetBoards Boards { get; set; }

    [Inject] public required OperationHistory History { get; set; }

    [Inject] public required OperationRows Rows { get; set; }

    [Inject] public required NavigationManager Navigation { get; set; }

    private int Healthy => _view.Count(ServerHealth.Healthy);

    private string Sentence => (_view.Rows.Length, Healthy) switch
    {
        (0, _) => "No server yet",
        (1, 1) => "The server is healthy",
        (var all, var healthy) when all == healthy => $"All {all} servers healthy",
        (var all, var healthy) => $"{healthy} of {Amount.Count(all, "server")} healthy",
    };

    private string Title => $"{(Icon switch { "failed" => "■ ", "probation" => "◐ ", "unknown" => "◇ ", _ => "● " })}{Sentence} · osModa";

    private string Icon => _view.Count(ServerHealth.Failed) + _view.Count(ServerHealth.CrashLoop) > 0 ? "failed"
        : _view.Count(ServerHealth.Switching) > 0 ? "probation"
        : Healthy == _view.Rows.Length ? "healthy" : "unknown";

    // Those that are not heard stand together at the end: what is wrong with them is one thing.
    private ImmutableArray<FleetRow> Troubles => [.. _view.Rows.Where(row => row.Health is not ServerHealth.Healthy && !IsSilent(row))];

    private ImmutableArray<FleetRow> Silent => [.. _view.Rows.Where(IsSilent)];

    protected override async Task OnInitializedAsync()
    {
        _caller = await Viewer.ReadAsync();
        if (_caller is null)
        {
            Navigation.NavigateTo(SignIn.Path, forceLoad: true);
            return;
        }

        _board = await Boards.OfAsync(_caller);
        _view = _board.View;
        Follow(Interval, _board.Read);
        FollowReadingToo(Interval, ReadRescueAsync, raise => Rows.Subscribe(changed =>
        {
            if (_view.Rows.Any(row => row.Server.Id == changed))
            {
                raise();
            }
        }));
        await InTurnAsync(ReadRescueAsync);
    }

    // Figures of those that are well are not shown, so that their news is none here.
    protected override bool Pull()
    {
        var before = _view;
        _view = _board!.View;
        if (before.Rows.Length == _view.Rows.Length && _view.HeardAt - _heardShown < TimeSpan.FromSeconds(1) && before.Rows.Zip(_view.Rows).All(pair => LooksTheSame(pair.First, pair.Second)))
        {
            return false;
        }

        _heardShown = _view.HeardAt ?? _heardShown;
        return true;
    }

    private static bool IsSilent(FleetRow row) => row.Health is ServerHealth.Stale or ServerHealth.Unknown;

    private static bool LooksTheSame(FleetRow before, FleetRow now) =>
        ReferenceEquals(before, now) || (before.Server == now.Server && before.Health == now.Health && now.Health == ServerHealth.Healthy);

    private static int? BackOn(Operation rescue) => rescue.Kind == OperationKind.StandingWatch ? rescue.TargetGeneration : rescue.FromGeneration;

    private static string Counted(IEnumerable<FleetRow> rows) => string.Join(", ", rows.GroupBy(row => row.Health).OrderBy(group => group.Key).Select(group => $"{group.Count()} {Look.Of(group.Key).Word}"));

    private string NameOf(Operation rescue) => _view.Rows.FirstOrDefault(row => row.Server.Id == rescue.ServerId)?.Server.Name ?? "a server that was removed";

    private async Task ReadRescueAsync() => _rescue = await History.RecoveriesAsync(_caller!) is [var newest, ..] ? newest : null;
}
