using Microsoft.AspNetCore.Components;
using OsModa.Core.Accounts;
using OsModa.Core.Configuration;
using OsModa.Core.Servers;
using OsModa.Dashboard.Live;
using OsModa.Dashboard.Pages.Configuration.Editing;

namespace OsModa.Dashboard.Pages.Configuration;

/// <summary>What is typed is kept, and what others do meanwhile is taken in.</summary>
public sealed partial class ConfigurationPage
{
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(300), Look = TimeSpan.FromMilliseconds(200), Again = TimeSpan.FromSeconds(5);

    private ThrottledSignal? _save;
    private RestingSignal? _look;
    private int _proposals;    // how many times something was done with one
    private IDisposable? _schemas, _drafts, _saved, _fetched;

    [Inject] public required ProposalNews ProposalNews { get; set; }

    [Inject] public required RemoteNews RemoteNews { get; set; }

    [Inject] public required PageVisibility Visibility { get; set; }

    private void Subscribe(ServerCard server)
    {
        Unsubscribe();
        _save = Signal(Settle, () => Beside(SaveAsync));
        _look = new RestingSignal(Visibility, Signal(Look, () => Beside(LookAsync)));
        _schemas = Schemas.Subscribe(changed => Tell(changed, server.Id));
        _drafts = Drafts.Subscribe(changed => Tell(changed, server.Id));
        _saved = ProposalNews.Subscribe((organisation, _) => { if (organisation == Caller?.OrganisationId) { Interlocked.Increment(ref _proposals); _look?.Raise(); } });
        _fetched = RemoteNews.Subscribe(organisation => { if (organisation == Caller?.OrganisationId) { _look?.Raise(); } });
    }

    private void Tell(ServerId changed, ServerId server)
    {
        if (changed == server)
        {
            _look?.Raise();
        }
    }

    private void Unsubscribe()
    {
        _schemas?.Dispose();
        _drafts?.Dispose();
        _saved?.Dispose();
        _fetched?.Dispose();
        _save?.Dispose();
        _look?.Dispose();
    }

    private void Redo()
    {
        _keeper?.Touch();
        _save?.Raise();
        StateHasChanged();
    }

    private async Task SaveAsync()
    {
        if (_session is not { } session)
        {
            return;
        }

        var caller = await CallerAsync();
        if (caller is { MayAct: false })
        {
            return;
        }

        // Nobody is asked to do it again: what was typed is kept as soon as there is a caller and a database for it.
        if (caller is null ? _keeper!.IsPending : !await _keeper!.SaveAsync(caller, session, _left.Token))
        {
            Beside(async () =>
            {
                await Task.Delay(Again, Time, _left.Token);
                _save?.Raise();
            });
        }

        StateHasChanged();
    }

    // Who acts now; the page says when there is nobody any more.
    private async Task<Caller?> CallerAsync()
    {
        var caller = await Viewer.ReadAsync(_left.Token);
        _signedOut = caller is null;
        return caller;
    }

    // The schema was read, or somebody changed a draft or saved it.
    private async Task LookAsync()
    {
        var before = _schema;
        _schema = Schemas[Server!.Id];
        if (_schema.Schema is not null && !ReferenceEquals(before.Schema, _schema.Schema))
        {
            // What was typed in this moment is in no draft yet.
            await SaveAsync();
            await OpenAsync();
        }
        else if (_session is { } session && Caller is { } caller)
        {
            await LookAsync(caller, session);
        }

        StateHasChanged();
    }

    private async Task LookAsync(Caller caller, FormSession session)
    {
        try
        {
            await _keeper!.LookAsync(caller, session, _left.Token);
            if (await _keeper.CatchUpAsync(caller, session))
            {
                _behind = await Schemas.IsBehindAsync(Server!.Id, _left.Token);
                ReadIfDue();
            }
        }
        catch (Exception broken) when (broken is RepositoryException or FormatException)
        {
            _fault = Unread(broken);
        }
    }
}
