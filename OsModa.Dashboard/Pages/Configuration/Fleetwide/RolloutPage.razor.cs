using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using OsModa.Core.Accounts;
using OsModa.Core.Configuration;
using OsModa.Core.Servers;
using OsModa.Dashboard.Identity;
using OsModa.Dashboard.Live;

namespace OsModa.Dashboard.Pages.Configuration.Fleetwide;

/// <summary>One commit on its way to several servers: whose system changes, the decision, and how far it is.</summary>
public sealed partial class RolloutPage
{
    private readonly CancellationTokenSource _left = new();
    private readonly Dictionary<ServerId, string> _typed = [];
    private RolloutView? _view;
    private Caller? _caller;
    private ImmutableArray<ServerCard> _cards = [];
    private string? _error, _unread;
    private ImmutableArray<string> _newer = [];
    private bool _busy, _asks;

    [Inject] public required CurrentCaller Viewer { get; set; }

    [Inject] public required ServerBook Book { get; set; }

    [Inject] public required RolloutRows Rows { get; set; }

    [Inject] public required RolloutWatch Watch { get; set; }

    [Inject] public required ApplyRollout Apply { get; set; }

    [Inject] public required StopRollout Stop { get; set; }

    [Inject] public required ReadDrift Drift { get; set; }

    [Inject] public required NavigationManager Navigation { get; set; }

    [Parameter] public Guid Id { get; set; }

    private bool IsOver => _view!.Rollout.State is RolloutState.Done or RolloutState.Stopped;

    private string StopWords => _view!.Rollout.State == RolloutState.Deploying ? "Stop after this server" : "Give it up";

    // Of those that it would still switch.
    private IEnumerable<string> Ahead => _view!.Servers.Where(server => server.State is RolloutServerState.Waiting or RolloutServerState.Checking or RolloutServerState.Changes).Select(server => NameOf(server.ServerId));

    private ImmutableArray<string> Newer => [.. _newer.Intersect(Ahead, StringComparer.Ordinal)];

    private IEnumerable<RolloutServer> Changing => _view!.Servers.Where(server => server.State == RolloutServerState.Changes);

    private IEnumerable<ServerCard> Production => Changing.Select(server => _cards.FirstOrDefault(card => card.Id == server.ServerId)).OfType<ServerCard>().Where(card => card.Production);

    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        _caller = await Viewer.ReadAsync();
        _cards = _caller is null ? [] : await Book.OfAsync(_caller);
        _view = _caller is null ? null : await Rows.FindAsync(_caller, Id, _left.Token);
        if (_view is null)
        {
            Navigation.NotFound();
        }
        else if (RendererInfo.IsInteractive)
        {
            Beside(FollowAsync);
            await ReadNewerAsync();
        }
    }

    private async Task ReadNewerAsync()
    {
        try
        {
            _newer = CommitId.TryParse(_view!.Rollout.Commit, out var commit) && !IsOver ? await Drift.NewerAsync(_caller!, commit, Ahead) : [];
        }
        catch (RepositoryException broken)
        {
            _unread = broken.Message;
        }
    }

    private string NameOf(ServerId id) => _cards.FirstOrDefault(card => card.Id == id)?.Name ?? "a server that was removed";

    private async Task FollowAsync()
    {
        await foreach (var view in Watch.FollowAsync(_caller!, Id, _left.Token))
        {
            _view = view;
            StateHasChanged();
        }
    }

    private Task StopAsync() => DoAsync(caller => Stop.RunAsync(caller, Id, _left.Token));

    private Task ApplyAsync() => DoAsync(caller => Apply.RunAsync(caller, Id, _typed, _left.Token));

    private async Task DoAsync(Func<Caller, Task<string?>> act)
    {
        if (_busy)
        {
            return;
        }

        _busy = true;
        _error = await Viewer.ReadAsync() is { } caller ? await act(caller) : CurrentCaller.SignedOut;
        (_busy, _asks) = (false, false);
        if (_error is null)
        {
            Beside(FollowAsync);
        }
    }
}
