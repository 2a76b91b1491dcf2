using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using OsModa.Core;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.SafeSwitch;
using OsModa.Dashboard.Identity;
using OsModa.Dashboard.Live;

namespace OsModa.Dashboard.Pages.Rollback;

public sealed partial class RollbackSheet : IDisposable
{
    private readonly CancellationTokenSource _left = new();
    private readonly Guid _sheet = Guid.CreateVersion7();
    private RollbackPreview? _preview;
    private StorePath? _seen;
    private RollBackResult.Refused? _refused;
    private string _reason = "";
    private string? _typed;
    private bool _override;
    private SwitchMode? _mode;
    private SwitchPlan? _basis;
    private PlanForm? _plan;
    private FieldErrors _planErrors = new();
    private bool _busy;

    [Inject] public required CurrentCaller Viewer { get; set; }

    [Inject] public required PreviewRollBack Preview { get; set; }

    [Inject] public required RollBack Verb { get; set; }

    [Inject] public required NavigationManager Navigation { get; set; }

    [Parameter, EditorRequired] public required ServerCard Server { get; set; }

    [Parameter, EditorRequired] public required ServerState State { get; set; }

    [Parameter, EditorRequired] public required Generation Target { get; set; }

    /// <summary>Address of the page without the sheet.</summary>
    [Parameter, EditorRequired] public required string Close { get; set; }

    /// <summary>The operation that is taken back, when that is what this is.</summary>
    [Parameter] public Guid? Undoes { get; set; }

    /// <summary>There is nothing to do: it runs, and this sheet has not just made it so.</summary>
    private bool Already => !_busy && State.Current?.Number == Target.Number;

    /// <summary>What speaks against the target in the history; not what the undone operation itself left.</summary>
    private GenerationMark? Mark => _preview?.Mark is { } mark && mark.Operation != Undoes ? mark : null;

    /// <summary>The same for the fleet's quarantine.</summary>
    private Quarantine? Quarantine => _preview?.Quarantine is { } quarantine && quarantine.OperationId != Undoes ? quarantine : null;

    /// <summary>What this server ran before is trusted after one look; what is newer is put on probation.</summary>
    private SwitchPlan Basis => _basis ?? (Mode == SwitchMode.Restart || (Forward && Undoes is null) ? SwitchPlan.Deployment : SwitchPlan.ByHand);

    // After a restart nothing stands watch: what came by one cannot be taken back without another.
    private PlanForm Plan => (_plan ?? PlanForm.Of(Basis, Agents)) is var form && Mode == SwitchMode.Restart ? form with { Stand = "0" } : form;

    // What the target does not have cannot be watched there: a way forward would be refused for it.
    private ImmutableArray<UnitName> Agents => [.. State.AgentUnits.Except(_preview?.Switch?.Missing ?? [])];

    private bool Forward => State.Current is { } current && current.Number < Target.Number;

    /// <summary>A restart brings it, or a part of it: then the person chooses whether that belongs to the switch.</summary>
    private bool MayRestart => _preview?.Switch is { OnlyByReboot: true } or { RebootNeeded: true };

    /// <summary>As chosen, as far as the server can; without a choice never by a restart.</summary>
    private SwitchMode Mode => !MayRestart ? SwitchMode.Now
        : _preview!.Switch!.OnlyByReboot && _mode != SwitchMode.Restart ? SwitchMode.Boot
        : _mode ?? SwitchMode.Now;

    private bool NeedsReason => _preview?.NeedsReason ?? Server.Production;

    private bool NeedsName => _preview?.NeedsTypedName ?? Server.Production;

    private string? ReasonError => _refused?.Field == nameof(RollBackRequest.Reason) ? _refused.Why : null;

    // What is not known yet does not hinder: in an emergency nobody has to wait for a preview, and the server checks again by itself.
    private bool Hindered => _seen is null || Checks.Any(check => check.State == CheckState.Failed && !(Mode != SwitchMode.Now && CheckWords.OnlyHindersNow(check)));

    // A way back may be what makes room again: the server does not refuse it for want of disk space.
    private ImmutableArray<PreviewCheck> Checks => Mode != SwitchMode.Restart && (Plan.Check(Basis).Value ?? Basis).CommitEarly
        ? [.. (_preview?.Checks ?? []).Select(check => check is { Name: "disk", State: CheckState.Failed } ? check with { State = CheckState.Warning } : check)]
        : _preview?.Checks ?? [];

    private string Title => Already ? $"{Target.Number} runs already" : State.Current is { } current
        ? Forward ? $"Forward from {current.Number} to {Target.Number}" : $"Back from {current.Number} to {Target.Number}"
        : $"Back to {Target.Number}";

    private string Action => Mode == SwitchMode.Restart ? $"Restart {Server.Name} into generation {Target.Number}"
        : Mode == SwitchMode.Boot ? $"Make {Target.Number} the next boot of {Server.Name}"
        : Forward ? $"Take {Server.Name} forward to generation {Target.Number}"
        : $"Roll back {Server.Name} to generation {Target.Number}";

    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }

    protected override async Task OnParametersSetAsync()
    {
        // Somebody switched it meanwhile: what the sheet said holds no more.
        if (RendererInfo.IsInteractive && State.Pins?.Current != _seen)
        {
            _seen = State.Pins?.Current;
            if (!Already)
            {
                await AskAsync();
            }
        }
    }

    private async Task AskAsync()
    {
        _preview = null;
        var seen = _seen;
        try
        {
            if (await Viewer.ReadAsync(_left.Token) is { } caller)
            {
                var preview = await Preview.RunAsync(caller, Server.Id, Target.Number, Target.System, _left.Token);
                if (seen == _seen)
                {
                    _preview = preview;
                    DropMissing();
                    Join(preview?.Open);
                }
            }
        }
        catch (OperationCanceledException) when (_left.IsCancellationRequested)
        {
            // The sheet is closed.
        }
    }

    private async Task RunAsync()
    {
        if (_busy || _seen is not { } seen)
        {
            return;
        }

        var plan = Plan.Check(Basis);
        (_planErrors, _refused) = (plan.Errors, null);
        if (Mode != SwitchMode.Boot && !plan.Done)
        {
            return;
        }

        _busy = true;
        var request = new RollBackRequest
        {
            Sheet = _sheet,
            Server = Server.Id,
            Generation = Target.Number,
            Target = Target.System,
            SeenCurrent = seen,
            Reason = _reason,
            TypedName = _typed ?? "",
            Mode = Mode,
            Undoes = Undoes,
            OverrideBad = _override,
            Plan = plan.Value ?? Basis,
            Confirmer = Plan.Confirmer,
        };
        var result = await Viewer.ReadAsync() is { } caller
            ? await Verb.RunAsync(caller, request, _left.Token)
            : new RollBackResult.Refused("", CurrentCaller.SignedOut);
        _busy = false;
        switch (result)
        {
            case RollBackResult.Started started: Join(started.Operation); break;
            case RollBackResult.Joined joined: Join(joined.Operation); break;
            case RollBackResult.Refused refused: _refused = refused; break;
            default: _refused = new RollBackResult.Refused("", "This server is not in the list any more."); break;
        }
    }

    // Only what stood in the form by itself; what is typed from now on stays, and is refused by the server if it is not there.
    private void DropMissing()
    {
        if (_plan is { Watched: { } watched } form && _preview?.Switch is { Missing: { IsEmpty: false } missing })
        {
            var gone = missing.Intersect(State.AgentUnits).Select(unit => unit.Text).ToHashSet(StringComparer.Ordinal);
            _plan = form with { Watched = string.Join(' ', watched.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(name => !gone.Contains(name))) };
        }
    }

    private void ChangePlan(PlanForm form) => (_plan, _planErrors) = (form, new FieldErrors());

    private void Join(Operation? operation)
    {
        if (operation is not null)
        {
            Navigation.NavigateTo($"{Close}?operation={operation.Id}", replace: true);
        }
    }
}
