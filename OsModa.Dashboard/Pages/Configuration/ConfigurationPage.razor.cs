using Microsoft.AspNetCore.Components;
using OsModa.Core.Accounts;
using OsModa.Core.Configuration;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Dashboard.Live;
using OsModa.Dashboard.Pages.Configuration.Checks;
using OsModa.Dashboard.Pages.Configuration.Editing;

namespace OsModa.Dashboard.Pages.Configuration;

/// <summary>What a server is to be, in a form: topics, any option by search, and the Nix it makes beside them.</summary>
public sealed partial class ConfigurationPage
{
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(300), Look = TimeSpan.FromMilliseconds(200), Again = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _left = new();
    private SchemaState _schema = SchemaState.Unknown;
    private FormSession? _session;
    private DraftKeeper? _keeper;
    private DraftChecks? _checks;
    private (string What, string Why)? _fault;
    private ThrottledSignal? _save, _look;
    private IDisposable? _schemas, _drafts, _saved, _fetched;
    private Proposal? _editing;
    private bool _notAdopted, _behind, _signedOut;
    private int _history;

    [Inject] public required ServerSchemas Schemas { get; set; }

    [Inject] public required Drafts Drafts { get; set; }

    [Inject] public required ConfigurationRepositories Repositories { get; set; }

    [Inject] public required ProposalNews ProposalNews { get; set; }

    [Inject] public required RemoteNews RemoteNews { get; set; }

    [Inject] public required Adopted Adopted { get; set; }

    [Inject] public required RunCheck Checks { get; set; }

    [Inject] public required CheckWatch CheckWatch { get; set; }

    private bool Stale => _schema.Schema?.System is { } read && State.Pins?.Current?.Text is { } runs && read != runs;

    protected override async Task OnParametersSetAsync()
    {
        await base.OnParametersSetAsync();
        _typed = null;
        Search();
    }

    protected override async Task FoundAsync(ServerCard server)
    {
        _schema = Schemas[server.Id];
        _keeper = ServerName.TryParse(server.Name, out var name, out _) ? new DraftKeeper(Drafts, Repositories, server.Id, name) : null;
        _checks = new DraftChecks(Checks, CheckWatch, server.Id);
        if (RendererInfo.IsInteractive)
        {
            Unsubscribe();
            _save = Signal(Settle, () => Beside(SaveAsync));
            _look = Signal(Look, () => Beside(LookAsync));
            _schemas = Schemas.Subscribe(changed => Tell(changed, server.Id));
            _drafts = Drafts.Subscribe(changed => Tell(changed, server.Id));
            _saved = ProposalNews.Subscribe(_ => _look?.Raise());
            _fetched = RemoteNews.Subscribe(organisation => { if (organisation == Caller?.OrganisationId) { _look?.Raise(); } });
        }

        await OpenAsync();
        ReadIfDue();
    }

    protected override bool Matters(ServerState before, ServerState now) => MoreThanUnits(before, now);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            if (_keeper is { IsPending: true } keeper && _session is { } session && Caller is { MayAct: true } caller)
            {
                _ = keeper.SaveAsync(caller, session, CancellationToken.None);    // what was typed in the last moment
            }

            _left.Cancel();
            _left.Dispose();
            Unsubscribe();
        }

        base.Dispose(disposing);
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

    // Nothing known, or of a system that runs no more, or of an older commit: read it without being asked.
    private void ReadIfDue()
    {
        if (RendererInfo.IsInteractive && Caller?.MayAct == true && _schema is { Step: null, Fault: null } && (_schema.Schema is null || Stale || _behind))
        {
            Read();
        }
    }

    // Its end is told by the schemas themselves.
    private void Read() => _ = Schemas.ReadAsync(Server!.Id, State.Pins?.Current?.Text);

    private string? TakeManual(ReadOnlyMemory<byte> manual)
    {
        try
        {
            Schemas.Take(Server!.Id, manual);
            return null;
        }
        catch (FormatException odd)
        {
            return odd.Message;
        }
    }

    private async Task OpenAsync()
    {
        _fault = null;
        if (_schema.Schema is not { } schema || Server is not { } server || Caller is not { } caller || _keeper is not { } keeper)
        {
            return;
        }

        try
        {
            var session = await keeper.OpenAsync(schema, caller, _left.Token);
            _notAdopted = await Adopted.FindAsync(caller, server.Id, _left.Token) is null;
            keeper.Show(session);
            session.Changed += (_, _) => Redo();
            (_session, _topics) = (session, new TopicBook(schema.Index));
            _behind = await Schemas.IsBehindAsync(server.Id, _left.Token);
            Search();
        }
        catch (Exception broken) when (broken is RepositoryException or FormatException)
        {
            _fault = Unread(broken);
        }
        catch (OperationCanceledException) when (_left.IsCancellationRequested)
        {
            // The page was left.
        }
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

    private static (string What, string Why) Unread(Exception broken) => ("The configuration cannot be read.", broken.Message);

    private async Task OpenAnewAsync()
    {
        await OpenAsync();
        ReadIfDue();
    }

    private async Task DropDraftAsync()
    {
        if (_session is { } session && await CallerAsync() is { MayAct: true } caller)
        {
            await _keeper!.DropAsync(caller, session, _left.Token);
            _history++;
            _editing = null;
            await OpenAnewAsync();
        }
    }

    // What the proposal changes comes into this person's draft, beside what is there.
    private async Task EditAsync(ProposalView view)
    {
        if (_session is { ReadOnly: false } session && view.Servers.FirstOrDefault(server => server.Server == Server!.Id) is { } proposed)
        {
            var merge = SettingsMerge.Of(proposed.From, session.Document, proposed.To);
            _editing = view.Proposal;
            session.Bring(merge);
            await SaveAsync();
            Navigation.NavigateTo(Form);
        }
    }

    private async Task CheckAsync()
    {
        if (_session is { } session && _checks is { } checks && await CallerAsync() is { } caller)
        {
            var (run, fault) = await checks.StartAsync(caller, session.Document, _left.Token);
            _fault = fault is null ? null : ("The checks did not begin.", fault);
            if (run is { } begun)
            {
                Beside(() => checks.FollowAsync(caller, begun, StateHasChanged, _left.Token));
            }
        }
    }
}
