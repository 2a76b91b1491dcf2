using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using OsModa.Core.Configuration;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Dashboard.Live;
using OsModa.Dashboard.Pages.Configuration.Editing;

namespace OsModa.Dashboard.Pages.Configuration;

/// <summary>What a server is to be, in a form: topics, any option by search, and the Nix it makes beside them.</summary>
public sealed partial class ConfigurationPage
{
    private const string RestKey = "rest";
    private const int MostHits = 50;
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(300), Look = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _left = new();
    private SchemaState _schema = SchemaState.Unknown;
    private FormSession? _session;
    private TopicBook? _topics;
    private IReadOnlyList<Option> _hits = [];
    private (string? Query, bool Set, OptionIndex? Index) _searched;
    private ImmutableArray<SettingsChange> _contradictions = [];
    private SettingsDocument _kept = SettingsDocument.Empty;
    private (string What, string Why)? _fault;
    private ThrottledSignal? _save, _look;
    private IDisposable? _schemas, _drafts;
    private string? _saved, _typed, _checkShown;
    private ServerDrift? _drift;
    private CheckProgress? _checked;
    private (SettingsDocument Document, Guid Run)? _draftRun;
    private bool _notAdopted, _checking;
    private int _rest = 30, _history;

    [Inject] public required ServerSchemas Schemas { get; set; }

    [Inject] public required Drafts Drafts { get; set; }

    [Inject] public required ConfigurationRepositories Repositories { get; set; }

    [Inject] public required Adopted Adopted { get; set; }

    [Inject] public required ReadDrift Drift { get; set; }

    [Inject] public required TakeOverDrift TakeOver { get; set; }

    [Inject] public required RunCheck Checks { get; set; }

    [Inject] public required CheckWatch CheckWatch { get; set; }

    /// <summary>Key of a topic.</summary>
    [SupplyParameterFromQuery(Name = "topic")] public string? TopicQuery { get; set; }

    /// <summary>Name of an option.</summary>
    [SupplyParameterFromQuery(Name = "option")] public string? OptionQuery { get; set; }

    /// <summary>What is searched for.</summary>
    [SupplyParameterFromQuery(Name = "q")] public string? SearchQuery { get; set; }

    /// <summary>Only what is set.</summary>
    [SupplyParameterFromQuery(Name = "set")] public string? SetQuery { get; set; }

    /// <summary>The sheet of a proposal is open.</summary>
    [SupplyParameterFromQuery(Name = "propose")] public string? ProposeQuery { get; set; }

    /// <summary>Id of a run of checks whose sheet is open.</summary>
    [SupplyParameterFromQuery(Name = "check")] public string? CheckQuery { get; set; }

    /// <summary>Id of a proposal whose sheet is open.</summary>
    [SupplyParameterFromQuery(Name = "proposal")] public string? ProposalQuery { get; set; }

    /// <summary>history, or nothing for the form.</summary>
    [SupplyParameterFromQuery(Name = "show")] public string? ShowQuery { get; set; }

    /// <summary>The checks of this very draft; null when it was changed since, or never checked.</summary>
    private CheckProgress? CheckDraft => _draftRun is { } run && _session is { } session && run.Document.Equals(session.Document) ? _checked : null;

    private string Form => $"{Address}/configuration";

    private OptionPath? Option => OptionPath.TryParse(OptionQuery, out var path, out _) ? path : null;

    private bool OnlySet => SetQuery == "1";

    private string? Query => (_typed ?? SearchQuery) is { Length: > 0 and <= 300 } query ? query : OnlySet ? "" : null;

    private string? TopicKey => TopicQuery == RestKey ? RestKey : OpenTopic?.Key;

    private Topic? OpenTopic => _topics is null ? null : _topics.Here.FirstOrDefault(topic => topic.Key == TopicQuery) ?? First;

    private Topic? First => _topics!.Here.FirstOrDefault(topic => _topics.CountOf(topic, _session!) > 0) ?? _topics.Here.FirstOrDefault();

    private bool Stale => _schema.Schema?.System is { } read && State.Pins?.Current?.Text is { } runs && read != runs;

    protected override async Task OnParametersSetAsync()
    {
        await base.OnParametersSetAsync();
        _typed = null;
        if (_session is not null && _checkShown is not null && CheckQuery is null && Caller is { } caller)
        {
            // A run of checks is over, or a deployment: it may be known by now what was not before.
            _drift = await Drift.RunAsync(caller, Server!.Id, _left.Token);
        }

        _checkShown = CheckQuery;
        Search();
    }

    protected override async Task FoundAsync(ServerCard server)
    {
        _schema = Schemas[server.Id];
        if (RendererInfo.IsInteractive)
        {
            Unsubscribe();
            _save = Signal(Settle, () => Beside(SaveAsync));
            _look = Signal(Look, () => Beside(LookAsync));
            _schemas = Schemas.Subscribe(changed => Tell(changed, server.Id));
            _drafts = Drafts.Subscribe(changed => Tell(changed, server.Id));
            // Nothing known, or of a system that runs no more: read it without being asked.
            if (Caller?.MayAct == true && _schema.Step is null && (_schema.Schema is null || Stale) && _schema.Fault is null)
            {
                Read();
            }
        }

        await OpenAsync();
    }

    protected override bool Matters(ServerState before, ServerState now) => MoreThanUnits(before, now);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _left.Cancel();
            _left.Dispose();
            Unsubscribe();
        }

        base.Dispose(disposing);
    }

    private static string Short(Setting? setting) => setting is null ? "not set" : TypeWords.Short(setting.Value);

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
        _save?.Dispose();
        _look?.Dispose();
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
        if (_schema.Schema is not { } schema || Server is not { } server || Caller is not { } caller)
        {
            return;
        }

        try
        {
            var now = await SettingsOf(server, await Repositories.OfAsync(caller.OrganisationId)).ReadAsync();
            var drafts = await Drafts.OfAsync(caller, server.Id, _left.Token);
            var own = drafts.FirstOrDefault(draft => draft.PersonId == caller.PersonId);
            var session = new FormSession(schema, own?.Basis ?? now, own?.Document ?? now.Document) { ReadOnly = !caller.MayAct, Others = drafts.RemoveAll(draft => draft.PersonId == caller.PersonId) };
            if (own is not null && own.Basis.Commit != now.Commit)
            {
                _contradictions = session.Rebase(now);
            }

            session.Changed += (_, _) => Redo();
            (_session, _topics, _kept) = (session, new TopicBook(schema.Index), session.Document);
            _notAdopted = await Adopted.FindAsync(caller, server.Id, _left.Token) is null;
            _drift = await Drift.RunAsync(caller, server.Id, _left.Token);
            _saved = own is null ? null : "your draft is kept";
            Search();
        }
        catch (Exception broken) when (broken is RepositoryException or FormatException)
        {
            _fault = ("The configuration cannot be read.", broken.Message);
        }
        catch (OperationCanceledException) when (_left.IsCancellationRequested)
        {
            // The page was left.
        }
    }

    private static ServerSettings SettingsOf(ServerCard server, ConfigurationRepository repository) =>
        ServerName.TryParse(server.Name, out var name, out var error) ? new ServerSettings(repository, name) : throw new FormatException(error);

    private void Redo()
    {
        _saved = "keeping your draft";
        _save?.Raise();
        StateHasChanged();
    }

    private async Task SaveAsync()
    {
        if (_session is { } session && await Viewer.ReadAsync(_left.Token) is { MayAct: true } caller)
        {
            var document = session.Document;
            await Drafts.SaveAsync(caller, Server!.Id, session.Basis, document, _left.Token);
            _kept = document;
            _saved = session.Changes.IsEmpty ? null : "your draft is kept";
            StateHasChanged();
        }
    }

    // The schema was read, or somebody changed a draft: perhaps the same person in another window.
    private async Task LookAsync()
    {
        var before = _schema;
        _schema = Schemas[Server!.Id];
        if (_schema.Schema is not null && !ReferenceEquals(before.Schema, _schema.Schema))
        {
            await OpenAsync();
        }
        else if (_session is { } session && Caller is { } caller)
        {
            var drafts = await Drafts.OfAsync(caller, Server.Id, _left.Token);
            session.Others = drafts.RemoveAll(draft => draft.PersonId == caller.PersonId);
            var own = drafts.FirstOrDefault(draft => draft.PersonId == caller.PersonId)?.Document ?? session.Basis.Document;
            if (!own.Equals(_kept) && !own.Equals(session.Document))
            {
                var merge = SettingsMerge.Of(_kept, own, session.Document);
                _kept = own;
                session.Apply(merge.Contradictions.Aggregate(merge.Document, static (document, change) => change.To is null ? document.Without(change.Path) : document.With(change.To)));
            }
        }

        StateHasChanged();
    }

    // What was proposed is no draft any more; the form goes on from what is saved now.
    private async Task DropDraftAsync()
    {
        if (_session is { } session && await Viewer.ReadAsync(_left.Token) is { MayAct: true } caller)
        {
            await Drafts.SaveAsync(caller, Server!.Id, session.Basis, session.Basis.Document, _left.Token);
            _history++;
            await OpenAsync();
        }
    }

    private async Task CheckAsync()
    {
        if (_session is not { } session || await Viewer.ReadAsync(_left.Token) is not { } caller)
        {
            return;
        }

        _checking = true;
        var document = session.Document;
        var run = await Checks.StartAsync(caller, new CheckRequest { Sheet = Guid.CreateVersion7(), Server = Server!.Id, Draft = document }, _left.Token);
        _checking = false;
        if (!run.Done)
        {
            _fault = ("The checks did not begin.", run.Errors.ByField.Values.First());
            return;
        }

        (_fault, _draftRun) = (null, (document, run.Value.Id));
        Beside(() => FollowAsync(caller, run.Value.Id));
    }

    private async Task FollowAsync(Core.Accounts.Caller caller, Guid run)
    {
        await foreach (var progress in CheckWatch.FollowAsync(caller, run, _left.Token))
        {
            if (_draftRun?.Run != run)
            {
                return;
            }

            _checked = progress;
            StateHasChanged();
        }
    }

    private async Task TakeOverAsync()
    {
        if (await Viewer.ReadAsync(_left.Token) is { } caller)
        {
            var taken = await TakeOver.RunAsync(caller, Server!.Id, _left.Token);
            _fault = taken.Done ? null : ("Nothing was taken over.", taken.Errors.ByField.Values.First());
            if (taken is { Done: true, Value.Check: { } run })
            {
                Navigation.NavigateTo($"{Form}?check={run}");
            }
        }
    }

    private void Insist(SettingsChange change)
    {
        _session!.Apply(change.To is null ? _session.Document.Without(change.Path) : _session.Document.With(change.To));
        _contradictions = _contradictions.Remove(change);
    }

    private void SearchAsync(string typed)
    {
        _typed = typed;
        Search();
        if (typed.Length == 0 && SearchQuery is not null)
        {
            Navigation.NavigateTo(Form, replace: true);
        }
    }

    private void Search()
    {
        if (_session is { } session && Query is { } query && _searched != (query, OnlySet, session.Schema.Index))
        {
            _searched = (query, OnlySet, session.Schema.Index);
            IReadOnlyCollection<OptionPath>? among = OnlySet ? [.. session.Schema.Here.Keys.Concat(session.Document.Settings.Keys.Select(path => session.OptionOf(path)?.Path).OfType<OptionPath>()).Distinct()] : null;
            _hits = session.Schema.Index.Search(query, MostHits, among);
        }
    }
}
