using Microsoft.AspNetCore.Components;
using OsModa.Core.Accounts;
using OsModa.Core.Configuration;
using OsModa.Core.Observation;
using OsModa.Dashboard.Components;
using OsModa.Dashboard.Identity;
using OsModa.Dashboard.Live;

namespace OsModa.Dashboard.Pages.Configuration.Proposing;

public sealed partial class ProposalSheet
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly Guid _run = Guid.CreateVersion7();
    private ProposalView? _view;
    private Caller? _caller;
    private string? _text, _error;
    private bool _busy, _missing;
    private int? _decided, _said;    // the button that was pressed is disabled meanwhile, or goes: the focus goes on from here

    [Inject] public required CurrentCaller Viewer { get; set; }

    [Inject] public required ProposalList Proposals { get; set; }

    [Inject] public required ProposalNews News { get; set; }

    [Inject] public required CommentOnProposal Comment { get; set; }

    [Inject] public required ApproveProposal Approve { get; set; }

    [Inject] public required CloseProposal GiveUp { get; set; }

    [Inject] public required MergeProposal Merge { get; set; }

    [Inject] public required RunCheck Check { get; set; }

    [Inject] public required NavigationManager Navigation { get; set; }

    [Parameter, EditorRequired] public required ServerCard Server { get; set; }

    [Parameter, EditorRequired] public required Guid Proposal { get; set; }

    [Parameter, EditorRequired] public required ServerState State { get; set; }

    /// <summary>Its author wants to change it in the form.</summary>
    [Parameter] public EventCallback<ProposalView> OnEdit { get; set; }

    /// <summary>Address of the page without the sheet.</summary>
    [Parameter, EditorRequired] public required string Close { get; set; }

    [Parameter] public bool MayAct { get; set; }

    private bool Touches => _view!.Servers.Any(server => server.Server == Server.Id);

    private bool Own => _view?.Proposal.AuthorId == _caller?.PersonId;

    private Look Look => _view!.Proposal switch
    {
        { State: ProposalState.Merged } => new Look("done", "healthy", "saved"),
        { State: ProposalState.Closed } => new Look("gone", "gone", "given up"),
        { NeedsApproval: true, ApprovedById: null } => new Look("waiting", "waiting", "waits for approval"),
        _ => new Look("probation", "probation", "open"),
    };

    protected override async Task OnInitializedAsync()
    {
        FollowReading(Interval, ReadAsync, raise => News.Subscribe((_, done) => { if (done == Proposal) { raise(); } }));
        await InTurnAsync(ReadAsync);
    }

    private async Task ReadAsync()
    {
        _caller = await Viewer.ReadAsync();
        try
        {
            _view = _caller is null ? null : await Proposals.FindAsync(_caller, Proposal);
            _missing = _view is null;
        }
        catch (Exception broken) when (broken is RepositoryException or FormatException)
        {
            _error ??= broken.Message;    // what is shown and typed stays
        }
    }

    private Task SayAsync() => DoAsync(async caller =>
    {
        var said = await Comment.RunAsync(caller, Proposal, _text ?? "", CancellationToken.None);
        (_text, _said) = said.Done ? ("", (_said ?? 0) + 1) : (_text, _said);
        return said.Done ? null : said.Errors.ByField.Values.First();
    });

    private Task ApproveAsync() => DecideAsync(caller => Approve.RunAsync(caller, Proposal, _view!.Proposal.Version, CancellationToken.None));

    private Task GiveUpAsync() => DecideAsync(caller => GiveUp.RunAsync(caller, Proposal, CancellationToken.None));

    private async Task DecideAsync(Func<Caller, Task<string?>> act)
    {
        await DoAsync(act);
        _decided = _error is null ? (_decided ?? 0) + 1 : _decided;
    }

    private Task MergeAsync() => DoAsync(async caller =>
    {
        var merged = await Merge.RunAsync(caller, Proposal, CancellationToken.None);
        if (!merged.Done)
        {
            return merged.Errors.ByField.Values.First();
        }

        var run = await Check.StartAsync(caller, new CheckRequest { Sheet = _run, Server = Server.Id, Commit = merged.Value.Commit }, CancellationToken.None);
        if (run.Done)
        {
            Navigation.NavigateTo($"{Close}?check={run.Value.Id}");
        }

        return run.Done ? null : run.Errors.ByField.Values.First();
    });

    private async Task DoAsync(Func<Caller, Task<string?>> act)
    {
        if (_busy)
        {
            return;
        }

        _busy = true;
        _error = await Viewer.ReadAsync() is { } caller ? await act(caller) : CurrentCaller.SignedOut;
        await InTurnAsync(ReadAsync);
        _busy = false;
    }
}
