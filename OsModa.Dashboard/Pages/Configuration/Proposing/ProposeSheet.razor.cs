using Microsoft.AspNetCore.Components;
using OsModa.Core;
using OsModa.Core.Configuration;
using OsModa.Dashboard.Identity;
using OsModa.Dashboard.Live;
using OsModa.Dashboard.Pages.Configuration.Editing;

namespace OsModa.Dashboard.Pages.Configuration.Proposing;

public sealed partial class ProposeSheet : IDisposable
{
    private readonly CancellationTokenSource _left = new();
    private readonly Guid _proposal = Guid.CreateVersion7(), _run = Guid.CreateVersion7();
    private FieldErrors _errors = new();
    private string? _title, _reason;
    private bool _approval, _busy;

    [Inject] public required CurrentCaller Viewer { get; set; }

    [Inject] public required ProposeChange Propose { get; set; }

    [Inject] public required MergeProposal Merge { get; set; }

    [Inject] public required RunCheck Check { get; set; }

    [Inject] public required NavigationManager Navigation { get; set; }

    [Parameter, EditorRequired] public required ServerCard Server { get; set; }

    [Parameter, EditorRequired] public required FormSession Session { get; set; }

    /// <summary>Address of the page without the sheet.</summary>
    [Parameter, EditorRequired] public required string Close { get; set; }

    /// <summary>The changes are written down: the draft is no more.</summary>
    [Parameter] public EventCallback OnProposed { get; set; }

    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }

    private async Task RunAsync()
    {
        if (_busy || !Session.Faults.IsEmpty)
        {
            return;
        }

        (_busy, _errors) = (true, new FieldErrors());
        try
        {
            var next = await Viewer.ReadAsync(_left.Token) is { } caller ? await SaveAsync(caller) : FieldErrors.Of("", "You are not signed in any more.");
            _errors = Whole(next.Errors);
            if (next.Done)
            {
                await OnProposed.InvokeAsync();
                Navigation.NavigateTo(next.Value);
            }
        }
        catch (OperationCanceledException) when (_left.IsCancellationRequested)
        {
            // The sheet was closed; what was written stays.
        }
        finally
        {
            _busy = false;
        }
    }

    // Where the person goes next: to the checks of what was saved, or to the proposal that waits.
    private async Task<Result<string>> SaveAsync(Core.Accounts.Caller caller)
    {
        var form = new ProposalForm
        {
            Id = _proposal,
            Title = _title?.Trim() ?? "",
            Reason = _reason?.Trim() ?? "",
            NeedsApproval = _approval,
            Changes = [new ProposedSettings(Server.Id, Session.Basis, Session.Document)],
        };
        var proposed = await Propose.RunAsync(caller, form, _left.Token);
        if (!proposed.Done || _approval)
        {
            return proposed.Done ? $"{Close}?proposal={_proposal}" : proposed.Errors;
        }

        var merged = await Merge.RunAsync(caller, _proposal, _left.Token);
        if (!merged.Done)
        {
            return merged.Errors;
        }

        var run = await Check.StartAsync(caller, new CheckRequest { Sheet = _run, Server = Server.Id, Commit = merged.Value.Commit }, _left.Token);
        return run.Done ? $"{Close}?check={run.Value.Id}" : $"{Close}?show=history";
    }

    // Contradictions are named by their places, which are no fields of this sheet.
    private static FieldErrors Whole(FieldErrors errors)
    {
        var own = new FieldErrors();
        foreach (var (field, sentence) in errors.ByField)
        {
            own.Add(field is nameof(ProposalForm.Title) or nameof(ProposalForm.Reason) ? field : "", sentence);
        }

        return own;
    }
}
