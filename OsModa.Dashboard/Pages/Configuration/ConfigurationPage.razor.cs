using Microsoft.AspNetCore.Components;
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
    private readonly CancellationTokenSource _left = new();
    private SchemaState _schema = SchemaState.Unknown;
    private FormSession? _session;
    private DraftKeeper? _keeper;
    private DraftChecks? _checks;
    private (string What, string Why)? _fault;
    private Proposal? _editing;
    private Adoption? _readIn;
    private bool _notAdopted, _behind, _signedOut;
    private int _history;

    [Inject] public required ServerSchemas Schemas { get; set; }

    [Inject] public required Drafts Drafts { get; set; }

    [Inject] public required ConfigurationRepositories Repositories { get; set; }

    [Inject] public required Adopted Adopted { get; set; }

    [Inject] public required ProposalList Proposals { get; set; }

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
            Subscribe(server);
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
            keeper.Show(session);
            session.Changed += (_, _) => Redo();
            // All at once: until it is known that the server is adopted nothing is offered.
            var notAdopted = await Adopted.FindAsync(caller, server.Id, _left.Token) is null;
            var behind = await Schemas.IsBehindAsync(server.Id, _left.Token);
            var editing = keeper.Proposal is { } own ? (await Proposals.ListAsync(caller, _left.Token)).FirstOrDefault(p => p.Id == own && p.State == ProposalState.Open && p.AuthorId == caller.PersonId) : null;
            (_session, _topics, _notAdopted, _behind) = (session, new TopicBook(schema.Index), notAdopted, behind);
            (_editing, keeper.Proposal) = (editing, editing?.Id);
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

    private static (string What, string Why) Unread(Exception broken) => ("The configuration cannot be read.", broken.Message);

    private async Task OpenAnewAsync()
    {
        await OpenAsync();
        ReadIfDue();
    }

    private Task AdoptedAsync(Adoption adoption)
    {
        _readIn = adoption;
        return OpenAnewAsync();
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
            (_editing, _keeper!.Proposal) = (view.Proposal, view.Proposal.Id);
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
