using Microsoft.AspNetCore.Components;
using OsModa.Core.Accounts;
using OsModa.Core.Configuration;
using OsModa.Dashboard.Components;
using OsModa.Dashboard.Identity;
using OsModa.Dashboard.Live;

namespace OsModa.Dashboard.Pages.Configuration.Remote;

/// <summary>Where an organisation's configuration is kept: here alone, or in a repository of the customer's own.</summary>
public sealed partial class RemotePage
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private Caller? _caller;
    private RemoteState? _state;
    private Commit? _newest;
    private string? _error, _said;
    private bool _busy, _changing, _leaving;

    [Inject] public required CurrentCaller Viewer { get; set; }

    [Inject] public required Remotes Remotes { get; set; }

    [Inject] public required RemoteNews News { get; set; }

    [Inject] public required ConfigurationRepositories Repositories { get; set; }

    [Inject] public required FetchRemote Fetch { get; set; }

    [Inject] public required DisconnectRemote Disconnect { get; set; }

    [Inject] public required SeeRewritten See { get; set; }

    [Inject] public required NavigationManager Navigation { get; set; }

    private Look? Look => _state is null ? null : RemoteWords.Of(_state, Time.GetUtcNow());

    protected override async Task OnInitializedAsync()
    {
        if (await Viewer.ReadAsync() is not { OrganisationId: var ours })
        {
            Navigation.NavigateTo(SignIn.Path, forceLoad: true);
            return;
        }

        FollowReading(Interval, ReadAsync, raise => News.Subscribe(changed => { if (changed == ours) { raise(); } }));
        await InTurnAsync(ReadAsync);
    }

    // All at once at the end: the page is drawn meanwhile.
    private async Task ReadAsync()
    {
        if (await Viewer.ReadAsync() is not { } caller)
        {
            return;
        }

        var (state, newest) = (await Remotes.FindAsync(caller, CancellationToken.None), _newest);
        try
        {
            newest = (await (await Repositories.OfAsync(caller.OrganisationId)).HistoryAsync("", 1)).FirstOrDefault();
        }
        catch (RepositoryException broken)
        {
            _error = broken.Message;
        }

        (_caller, _state, _newest) = (caller, state, newest);
    }

    private Task FetchAsync() => DoAsync(caller => Fetch.RunAsync(caller, CancellationToken.None));

    private Task SeenAsync() => DoAsync(caller => See.RunAsync(caller, CancellationToken.None));

    private Task DisconnectAsync() => DoAsync(async caller =>
    {
        var wrong = await Disconnect.RunAsync(caller, CancellationToken.None);
        (_leaving, _changing) = (false, false);
        _said = wrong is null ? "Disconnected: what is here goes on from where it is." : null;
        return wrong;
    });

    private async Task ConnectedAsync(string done)
    {
        _changing = false;
        await InTurnAsync(ReadAsync);
        _said = done;
    }

    private async Task DoAsync(Func<Caller, Task<string?>> act)
    {
        if (_busy)
        {
            return;
        }

        (_busy, _error, _said) = (true, null, null);
        var wrong = await Viewer.ReadAsync() is { } caller ? await act(caller) : CurrentCaller.SignedOut;
        await InTurnAsync(ReadAsync);
        // Why it does not answer stands in its own note already.
        (_busy, _error) = (false, wrong is not null && wrong == _state?.Remote.Fault ? null : wrong ?? _error);
    }
}
