using Microsoft.AspNetCore.Components;
using OsModa.Core;
using OsModa.Core.Configuration;
using OsModa.Dashboard.Identity;
using OsModa.Dashboard.Live;
using OsModa.Dashboard.Pages.Configuration.Editing;

namespace OsModa.Dashboard.Pages.Configuration.Proposing;

public sealed partial class ProposeSheet : IDisposable
{
    private const int Most = 50;

    private readonly CancellationTokenSource _left = new();
    private CancellationToken _stop;
    private readonly Guid _new = Guid.CreateVersion7(), _run = Guid.CreateVersion7();
    private IReadOnlyList<Proposal> _own = [];
    private Guid? _version;
    private FieldErrors _errors = new();
    private string? _title, _reason;
    private bool _approval, _busy, _waits;

    [Inject] public required CurrentCaller Viewer { get; set; }

    [Inject] public required ProposeChange Propose { get; set; }

    [Inject] public required MergeProposal Merge { get; set; }

    [Inject] public required RunCheck Check { get; set; }

    [Inject] public required ProposalList Proposals { get; set; }

    [Inject] public required NavigationManager Navigation { get; set; }

    [Parameter, EditorRequired] public required ServerCard Server { get; set; }

    [Parameter, EditorRequired] public required FormSession Session { get; set; }

    /// <summary>Address of the page without the sheet.</summary>
    [Parameter, EditorRequired] public required string Close { get; set; }

    /// <summary>The open proposal that the person is changing; null for a new one.</summary>
    [Parameter] public Guid? Version { get; set; }

    /// <summary>The changes are written down: the draft is no more.</summary>
    [Parameter] public EventCallback OnProposed { get; set; }

    private Proposal? Chosen => _version is { } id ? _own.FirstOrDefault(own => own.Id == id) : null;

    private Guid Id => Chosen?.Id ?? _new;

    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        _stop = _left.Token;
        try
        {
            if (await Viewer.ReadAsync(_stop) is { } caller)
            {
                _own = [.. (await Proposals.WaitingAsync(caller, Most, _stop)).Where(waiting => waiting.Proposal.AuthorId == caller.PersonId && waiting.Servers.Contains(Server.Id)).Select(waiting => waiting.Proposal)];
                Choose(Version);
            }
        }
        catch (RepositoryException broken)
        {
            _errors = FieldErrors.Of("", broken.Message);
        }
        catch (OperationCanceledException) when (_left.IsCancellationRequested)
        {
            // The sheet was closed.
        }
    }

    private void Choose(Guid? version)
    {
        _version = version;
        if (Chosen is { } chosen)
        {
            (_title, _reason, _approval) = (chosen.Title, chosen.Reason, chosen.NeedsApproval);
        }
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
            var next = await Viewer.ReadAsync(_stop) is { } caller ? await SaveAsync(caller) : FieldErrors.Of("", CurrentCaller.SignedOut);
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
            Id = Id,
            Title = _title?.Trim() ?? "",
            Reason = _reason?.Trim() ?? "",
            NeedsApproval = _approval,
            Changes = [new ProposedSettings(Server.Id, Session.Basis, Session.Document), .. await OthersAsync(caller)],
        };
        var proposed = await Propose.RunAsync(caller, form, _stop);
        if (!proposed.Done)
        {
            return proposed.Errors;
        }

        if (_approval)
        {
            // Whoever approves it sees what becomes of the system. Where that cannot begin now, the sheet of the proposal says so and offers it.
            await Check.StartAsync(caller, new CheckRequest { Sheet = _run, Server = Server.Id, Commit = CommitId.TryParse(proposed.Value.Content, out var content) ? content : null }, _stop);
            return $"{Close}?proposal={form.Id}";
        }

        _waits = true;
        var merged = await Merge.RunAsync(caller, form.Id, _stop);
        if (!merged.Done)
        {
            return merged.Errors;
        }

        var run = await Check.StartAsync(caller, new CheckRequest { Sheet = _run, Server = Server.Id, Commit = merged.Value.Commit }, _stop);
        return run.Done ? $"{Close}?check={run.Value.Id}" : $"{Close}?show=history";
    }

    // What an earlier version changes on other servers stays in it.
    private async Task<ProposedSettings[]> OthersAsync(Core.Accounts.Caller caller) =>
        Chosen is { } chosen && await Proposals.FindAsync(caller, chosen.Id, _stop) is { } view && CommitId.TryParse(view.Proposal.Basis, out var basis)
            ? [.. view.Servers.Where(server => server.Server is { } id && id != Server.Id).Select(server => new ProposedSettings(server.Server!.Value, new SettingsAt(basis, server.From), server.To))]
            : [];

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
