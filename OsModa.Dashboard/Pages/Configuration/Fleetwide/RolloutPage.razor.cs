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
    private string? _error;
    private bool _busy;

    [Inject] public required CurrentCaller Viewer { get; set; }

    [Inject] public required ServerBook Book { get; set; }

    [Inject] public required RolloutRows Rows { get; set; }

    [Inject] public required RolloutWatch Watch { get; set; }

    [Inject] public required ApplyRollout Apply { get; set; }

    [Inject] public required NavigationManager Navigation { get; set; }

    [Parameter] public Guid Id { get; set; }

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

    private async Task ApplyAsync()
    {
        if (_busy)
        {
            return;
        }

        _busy = true;
        _error = await Viewer.ReadAsync() is { } caller ? await Apply.RunAsync(caller, Id, _typed, _left.Token) : CurrentCaller.SignedOut;
        _busy = false;
        if (_error is null)
        {
            Beside(FollowAsync);
        }
    }
}
