using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using OsModa.Core.Accounts;
using OsModa.Core.Configuration;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Dashboard.Identity;
using OsModa.Dashboard.Live;

namespace OsModa.Dashboard.Pages.Configuration.Fleetwide;

/// <summary>The configuration of all servers together: who runs the same, what waits, what is on its way.</summary>
public sealed partial class FleetConfigurationPage
{
    private const int MostCommits = 10;
    private const int MostProposals = 20;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private Caller? _caller;
    private ImmutableArray<ServerCard> _servers = [];
    private ImmutableArray<SystemGroup> _groups = [];
    private ImmutableArray<ReleaseGroup> _releases = [];
    private ImmutableArray<Commit> _commits = [];
    private IReadOnlyList<Rollout> _rollouts = [];
    private IReadOnlyList<WaitingProposal> _waiting = [];
    private RemoteState? _remote;
    private string? _error;
    private bool _read;

    [Inject] public required CurrentCaller Viewer { get; set; }

    [Inject] public required ServerBook Book { get; set; }

    [Inject] public required Fleet Fleet { get; set; }

    [Inject] public required ProposalList Proposals { get; set; }

    [Inject] public required RolloutRows Rollouts { get; set; }

    [Inject] public required ConfigurationRepositories Repositories { get; set; }

    [Inject] public required Remotes Remotes { get; set; }

    [Inject] public required NavigationManager Navigation { get; set; }

    private int Alone => _groups.Count(group => group is { System: not null, Servers.Length: 1 });

    protected override async Task OnInitializedAsync()
    {
        if (await Viewer.ReadAsync() is not { } caller)
        {
            Navigation.NavigateTo(SignIn.Path, forceLoad: true);
            return;
        }

        _servers = await Book.OfAsync(caller);
        _caller = caller;
        Group();
        Follow(Interval, changed => Fleet.Subscribe(_ => changed()));
        _rollouts = await Rollouts.ListAsync(caller);
        _remote = await Remotes.FindAsync(caller, CancellationToken.None);
        try
        {
            _waiting = await Proposals.WaitingAsync(caller, MostProposals);
            _commits = await (await Repositories.OfAsync(caller.OrganisationId)).HistoryAsync("", MostCommits);
        }
        catch (Exception broken) when (broken is RepositoryException or FormatException)
        {
            _error = broken.Message;
        }

        _read = true;
    }

    protected override bool Pull()
    {
        var (before, releases) = (_groups, _releases);
        Group();
        return before.Length != _groups.Length || before.Zip(_groups).Any(pair => !pair.First.SameAs(pair.Second))
            || releases.Length != _releases.Length || releases.Zip(_releases).Any(pair => !pair.First.SameAs(pair.Second));
    }

    // Where each server has a system of its own, its release is what it has in common with others.
    private void Group()
    {
        _groups = SystemGroup.Of(_servers, id => Fleet[id]);
        _releases = _groups.Length > 1 && Alone == _groups.Length ? ReleaseGroup.Of(_servers, id => Fleet[id]) : [];
    }
}
