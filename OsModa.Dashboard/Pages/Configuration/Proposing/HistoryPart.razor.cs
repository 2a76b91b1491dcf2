using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using OsModa.Core.Configuration;
using OsModa.Core.Servers;
using OsModa.Dashboard.Identity;
using OsModa.Dashboard.Live;

namespace OsModa.Dashboard.Pages.Configuration.Proposing;

public sealed partial class HistoryPart
{
    private const int Most = 50;

    private ImmutableArray<Commit> _commits = [];
    private IReadOnlyList<CheckRun> _runs = [];
    private List<Proposal> _open = [];
    private string? _error;
    private bool _read, _busy;

    [Inject] public required CurrentCaller Viewer { get; set; }

    [Inject] public required ConfigurationRepositories Repositories { get; set; }

    [Inject] public required ProposalList Proposals { get; set; }

    [Inject] public required CheckHistory Checks { get; set; }

    [Inject] public required RunCheck Check { get; set; }

    [Inject] public required RevertChange Revert { get; set; }

    [Inject] public required NavigationManager Navigation { get; set; }

    [Parameter, EditorRequired] public required ServerCard Server { get; set; }

    /// <summary>Of the form.</summary>
    [Parameter, EditorRequired] public required string Address { get; set; }

    [Parameter] public bool MayAct { get; set; }

    protected override async Task OnInitializedAsync()
    {
        try
        {
            if (await Viewer.ReadAsync() is { } caller && ServerName.TryParse(Server.Name, out var name, out _))
            {
                _open = [.. (await Proposals.ListAsync(caller)).Where(proposal => proposal.State == ProposalState.Open)];
                _runs = await Checks.OfServerAsync(caller, Server.Id);
                _commits = await new ServerSettings(await Repositories.OfAsync(caller.OrganisationId), name).HistoryAsync(Most);
            }
        }
        catch (RepositoryException broken)
        {
            _error = broken.Message;
        }

        _read = true;
    }

    private async Task CheckAsync(CommitId commit)
    {
        if (await Viewer.ReadAsync() is { } caller)
        {
            _busy = true;
            var run = await Check.StartAsync(caller, new CheckRequest { Sheet = Guid.CreateVersion7(), Server = Server.Id, Commit = commit }, CancellationToken.None);
            _busy = false;
            _error = run.Errors.ByField.Values.FirstOrDefault();
            if (run.Done)
            {
                Navigation.NavigateTo($"{Address}?check={run.Value.Id}");
            }
        }
    }

    private async Task TakeBackAsync(Commit commit)
    {
        if (await Viewer.ReadAsync() is { } caller)
        {
            _busy = true;
            var reverted = await Revert.RunAsync(caller, commit.Id, "", CancellationToken.None);
            _busy = false;
            _error = reverted.Errors.ByField.Values.FirstOrDefault();
            if (reverted.Done)
            {
                await CheckAsync(reverted.Value.Commit);
            }
        }
    }
}
