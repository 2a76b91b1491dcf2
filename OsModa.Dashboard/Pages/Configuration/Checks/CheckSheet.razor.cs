using Microsoft.AspNetCore.Components;
using OsModa.Core.Configuration;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Dashboard.Identity;
using OsModa.Dashboard.Live;
using CheckState = OsModa.Core.Configuration.CheckState;

namespace OsModa.Dashboard.Pages.Configuration.Checks;

public sealed partial class CheckSheet : IDisposable
{
    private readonly CancellationTokenSource _left = new();
    private readonly Guid _sheet = Guid.CreateVersion7();
    private Task _found = Task.CompletedTask;
    private CheckRun? _run;
    private CheckProgress? _progress;
    private RollBackResult.Refused? _refused;
    private string? _reason, _typed, _error;
    private bool _busy, _missing, _override, _over;

    [Inject] public required CurrentCaller Viewer { get; set; }

    [Inject] public required CheckWatch Watch { get; set; }

    [Inject] public required CheckHistory History { get; set; }

    [Inject] public required RunCheck Checks { get; set; }

    [Inject] public required DeployChecked Deploy { get; set; }

    [Inject] public required NavigationManager Navigation { get; set; }

    [Parameter, EditorRequired] public required ServerCard Server { get; set; }

    [Parameter, EditorRequired] public required ServerState State { get; set; }

    /// <summary>The run.</summary>
    [Parameter, EditorRequired] public required Guid Run { get; set; }

    /// <summary>Address of the page without the sheet.</summary>
    [Parameter, EditorRequired] public required string Close { get; set; }

    [Parameter] public bool MayAct { get; set; }

    private bool MayDeploy => MayAct && _run is { IsDraft: false } && _over && _progress is { State: CheckState.Passed, Unchanged: not true };

    private StorePath? Built => _progress is { State: CheckState.Passed } passed ? passed.System : null;

    private int? Generation => _progress?.System is { } system ? State.Generations.FirstOrDefault(generation => generation.System == system && generation.GoneAt is null)?.Number : null;

    // Known by its commit once it is written down.
    private CommitPrefix? Commit => _over && _run is { IsDraft: false } run && CommitPrefix.TryParse(run.Commit, out var commit) ? commit : null;

    private string Title => _progress?.State switch
    {
        CheckState.Running => $"Checking on {Server.Name}",
        CheckState.Passed => "The checks have passed",
        CheckState.Failed => "The checks found a mistake",
        CheckState.Cancelled => "The checks were stopped",
        CheckState.Lost => "The checks were lost",
        _ => "Checks",
    };

    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }

    protected override Task OnInitializedAsync() => _found = FindAsync();

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        var stop = _left.Token;
        try
        {
            // The sheet is drawn first while it still looks for the run.
            await _found;
            if (!_missing && await Viewer.ReadAsync(stop) is { } caller)
            {
                await foreach (var progress in Watch.FollowAsync(caller, Run, stop))
                {
                    _progress = progress;
                    StateHasChanged();
                }

                // Only now it is written down what came of it, which a deployment asks for.
                _over = true;
                StateHasChanged();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The sheet is closed; the checks go on.
        }
    }

    private async Task FindAsync()
    {
        var stop = _left.Token;
        try
        {
            if (await Viewer.ReadAsync(stop) is { } caller)
            {
                _run = await History.FindAsync(caller, Run, stop);
                _missing = _run is null || _run.ServerId != Server.Id;
                _progress = _missing ? null : await Watch.ReadAsync(caller, Run, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The sheet is closed.
        }
    }

    private string? ErrorOf(string field) => _refused?.Field == field ? _refused.Why : null;

    private async Task CancelAsync()
    {
        if (_busy)
        {
            return;
        }

        _busy = true;
        _error = await Viewer.ReadAsync(_left.Token) is { } caller ? await Checks.CancelAsync(caller, Run, _left.Token) : CurrentCaller.SignedOut;
        _busy = false;
    }

    private async Task DeployAsync()
    {
        if (_busy || !MayDeploy || State.Pins?.Current is not { } current)
        {
            return;
        }

        (_busy, _refused, _error) = (true, null, null);
        var request = new DeployRequest { Sheet = _sheet, Check = Run, SeenCurrent = current, Reason = _reason ?? "", TypedName = _typed ?? "", OverrideBad = _override };
        var result = await Viewer.ReadAsync(_left.Token) is { } caller ? await Deploy.RunAsync(caller, request, _left.Token) : new RollBackResult.Refused("", CurrentCaller.SignedOut);
        _busy = false;
        switch (result)
        {
            case RollBackResult.Started started: Follow(started.Operation); break;
            case RollBackResult.Joined joined: Follow(joined.Operation); break;
            case RollBackResult.Refused refused:
                _refused = refused;
                _error = refused.Field is nameof(DeployRequest.Reason) or nameof(DeployRequest.TypedName) ? null : refused.Why;
                break;
            default: _error = "This server is not in the list any more."; break;
        }
    }

    private void Follow(Operation operation) => Navigation.NavigateTo($"/servers/{operation.ServerId}/generations?operation={operation.Id}");
}
