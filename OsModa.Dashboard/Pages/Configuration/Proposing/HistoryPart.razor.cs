using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using OsModa.Core.Configuration;
using OsModa.Core.Servers;
using OsModa.Dashboard.Identity;
using OsModa.Dashboard.Live;

namespace OsModa.Dashboard.Pages.Configuration.Proposing;

/// <summary>What is proposed for a server, what was saved, and what was checked.</summary>
public sealed partial class HistoryPart
{
    private const int Most = 50;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private ImmutableArray<Commit> _commits = [];
    private IReadOnlyList<CheckRun> _runs = [];
    private List<Proposal> _open = [];
    private string? _error;
    private bool _read, _busy;

    [Inject] public required CurrentCaller Viewer { get; set; }

    [Inject] public required ConfigurationRepositories Repositories { get; set; }

    [Inject] public required ProposalList Proposals { get; set; }

    [Inject] public required ProposalNews News { get; set; }

    [Inject] public required CheckHistory Checks { get; set; }

    [Inject] public required RunCheck Check { get; set; }

    [Inject] public required NavigationManager Navigation { get; set; }

    [Parameter, EditorRequired] public required ServerCard Server { get; set; }

    /// <summary>Of the form.</summary>
    [Parameter, EditorRequired] public required string Address { get; set; }

    [Parameter] public bool MayAct { get; set; }

    protected override async Task OnInitializedAsync()
    {
        FollowReading(Interval, ReadAsync, raise => News.Subscribe((organisation, _) => { if (organisation == Server.OrganisationId) { raise(); } }));
        await InTurnAsync(ReadAsync);
    }

    private async Task ReadAsync()
    {
        try
        {
            if (await Viewer.ReadAsync() is { } caller && ServerName.TryParse(Server.Name, out var name, out _))
            {
                _open = [.. (await Proposals.WaitingAsync(caller, Most)).Where(waiting => waiting.Servers.Contains(Server.Id)).Select(waiting => waiting.Proposal)];
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
        if (_busy)
        {
            return;
        }

        _busy = true;
        try
        {
            await StartAsync(commit);
        }
        finally
        {
            _busy = false;
        }
    }

    private async Task StartAsync(CommitId commit)
    {
        if (await Viewer.ReadAsync() is { } caller)
        {
            var run = await Check.StartAsync(caller, new CheckRequest { Sheet = Guid.CreateVersion7(), Server = Server.Id, Commit = commit }, CancellationToken.None);
            _error = run.Errors.ByField.Values.FirstOrDefault();
            if (run.Done)
            {
                Navigation.NavigateTo($"{Address}?check={run.Value.Id}");
            }
        }
    }
}
