using System.Collections.Immutable;
using System.Text;
using OsModa.Core.Accounts;
using OsModa.Core.Configuration;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Dashboard.Pages.Configuration.Editing;

/// <summary>Opens the form of one server as one person left it, and keeps what they change; what the same person changes in another window comes in.</summary>
public sealed class DraftKeeper(Drafts drafts, ConfigurationRepositories repositories, ServerId server, ServerName name)
{
    private SettingsDocument _kept = SettingsDocument.Empty;
    private FormSession? _shown;

    // The form without what was typed since: as it was kept last, and as that was when opening anew began.
    private SettingsDocument _still = SettingsDocument.Empty, _opened = SettingsDocument.Empty;

    /// <summary>Whether the draft is kept, in words; null without one.</summary>
    public string? Words { get; private set; }

    /// <summary>The open proposal that the person is changing, kept with the draft; null for a new one.</summary>
    public Guid? Proposal { get; set; }

    /// <exception cref="RepositoryException">Git failed.</exception>
    /// <exception cref="FormatException">Somebody made something else of the document by hand.</exception>
    public async Task<FormSession> OpenAsync(ServerSchema schema, Caller caller, CancellationToken cancellationToken)
    {
        _opened = _still;
        var repository = await repositories.OfAsync(caller.OrganisationId);
        var settings = new ServerSettings(repository, name);
        var now = await settings.ReadAsync();
        if (schema.Commit is { } commit)
        {
            // A folder is named where its default.nix is meant.
            var files = await repository.ReadAsync(commit, "");
            schema = schema with { Here = DefinitionLines.In(schema.Here, file => (files.GetValueOrDefault(file) ?? files.GetValueOrDefault($"{file}/default.nix")) is { } text ? Encoding.UTF8.GetString(text) : null) };
        }

        var all = await drafts.OfAsync(caller, server, cancellationToken);
        var own = all.FirstOrDefault(draft => draft.PersonId == caller.PersonId);
        var session = new FormSession(schema, own?.Basis ?? now, own?.Document ?? now.Document)
        {
            Server = server,
            ReadOnly = !caller.MayAct,
            Others = all.RemoveAll(draft => draft.PersonId == caller.PersonId),
            Blame = await settings.BlameAsync(),
        };
        if (own is not null && own.Basis.Commit != now.Commit)
        {
            session.Rebase(now);
        }

        _kept = own?.Document ?? now.Document;
        Proposal = own?.Proposal ?? Proposal;
        Words = own is null ? null : "your draft is kept";
        return session;
    }

    /// <summary>From now on the person changes this one: what they typed into the one before while it was opened comes along.</summary>
    public void Show(FormSession session)
    {
        _still = session.Document;
        if (_shown is { } before)
        {
            var typed = Typed(SettingsMerge.Of(_opened, session.Document, before.Document));
            session.Continue(before);
            session.Apply(typed);
        }

        _shown = session;
    }

    /// <summary>The person has changed something.</summary>
    public void Touch() => (Words, IsPending) = ("keeping your draft", true);

    /// <summary>Something was changed and is not in the database yet.</summary>
    public bool IsPending { get; private set; }

    /// <returns>False when the database could not take it, as on a full disk: the form still has it, and it is to be tried again.</returns>
    public async Task<bool> SaveAsync(Caller caller, FormSession session, CancellationToken cancellationToken)
    {
        var (basis, whole) = session.Kept;
        // What a server has and what is no data could not be read again, and with it the whole draft.
        var data = whole.Settings.Values.Where(setting => !setting.Value.CanBeWritten()).Aggregate(whole, (left, setting) => basis.Document[setting.Path] is { } before ? left.With(before) : left.Without(setting.Path));
        var still = PlainSecret.Left(session.Document, session.Basis.Document);
        var document = PlainSecret.Left(data, basis.Document);
        IsPending = false;
        if (DocumentSize.Fault(document) is { } fault)
        {
            // It could not be read again. What was kept before stays.
            Words = $"your draft is not kept: {fault}";
            return true;
        }

        try
        {
            await drafts.SaveAsync(caller, server, basis, document, Proposal, cancellationToken);
        }
        catch (Exception full) when (full.IsDatabaseTrouble())
        {
            IsPending = true;
            Words = "your draft could not be kept, and is tried again: the database takes nothing";
            return false;
        }

        (_kept, _still) = (document, still);
        Words = session.Changes.IsEmpty && session.Contradictions.IsEmpty ? null
            : document.Equals(whole) ? "your draft is kept"
            : data.Equals(whole) ? "your draft is kept without the secret in it"
            : "your draft is kept without what the form cannot write";
        return true;
    }

    /// <summary>What was proposed is no draft any more.</summary>
    public Task DropAsync(Caller caller, FormSession session, CancellationToken cancellationToken)
    {
        (_still, IsPending, Proposal) = (session.Document, false, null);
        return drafts.SaveAsync(caller, server, session.Basis, session.Basis.Document, cancellationToken);
    }

    /// <summary>Somebody changed a draft: perhaps the same person in another window.</summary>
    public async Task LookAsync(Caller caller, FormSession session, CancellationToken cancellationToken)
    {
        ImmutableArray<Draft> all;
        try
        {
            all = await drafts.OfAsync(caller, server, cancellationToken);
        }
        catch (Exception away) when (away.IsDatabaseTrouble())
        {
            return;    // the form has what was typed; the next look finds what others did
        }

        session.Others = all.RemoveAll(draft => draft.PersonId == caller.PersonId);
        var own = all.FirstOrDefault(draft => draft.PersonId == caller.PersonId)?.Document ?? session.Basis.Document;
        if (!own.Equals(_kept) && !own.Equals(session.Document))
        {
            var merge = SettingsMerge.Of(_kept, own, session.Document);
            _still = SettingsMerge.Of(_kept, own, _still).Document;
            _kept = own;
            session.Apply(Typed(merge));
        }
    }

    // Of one person's two windows, this one's word stays.
    private static SettingsDocument Typed(SettingsMerge merge) => merge.Contradictions.Aggregate(merge.Document, static (document, change) => change.Onto(document));

    /// <summary>Somebody saved something: the same changes on top of what is saved now.</summary>
    /// <returns>Whether that was so.</returns>
    public async Task<bool> CatchUpAsync(Caller caller, FormSession session)
    {
        var settings = new ServerSettings(await repositories.OfAsync(caller.OrganisationId), name);
        var now = await settings.ReadAsync();
        if (now.Commit == session.Basis.Commit)
        {
            return false;
        }

        session.Blame = await settings.BlameAsync();
        _still = SettingsMerge.Of(session.Basis.Document, now.Document, _still).Document;
        session.Rebase(now);
        return true;
    }
}
