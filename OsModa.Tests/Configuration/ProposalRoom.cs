using OsModa.Core;
using OsModa.Core.Accounts;
using OsModa.Core.Configuration;
using OsModa.Core.Servers;
using OsModa.Core.Storage;
using OsModa.Tests.Operations;
using Xunit;

namespace OsModa.Tests.Configuration;

/// <summary>One server whose settings are in the repository of its organisation: Ann proposes changes of them, and Bob works with her.</summary>
public abstract class ProposalRoom : IAsyncDisposable
{
    protected ProposalRoom()
    {
        Room = OperationRoom.OpenAsync().GetAwaiter().GetResult();
        Repositories = new ConfigurationRepositories(new StorageSettings { Folder = Directory.CreateTempSubdirectory("osmoda-proposals-").FullName });
        Bob = new Caller(Guid.NewGuid(), "Bob", Room.Server.OrganisationId, Role.Operator);
    }

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected Caller Bob { get; }

    private protected OperationRoom Room { get; }

    protected ConfigurationRepositories Repositories { get; }

    protected ProposeChange Propose => new(Room.Database, Repositories, new ProposalNews(), Room.Ledger.Writer, Room.Clock);

    protected MergeProposal Merge => new(Room.Database, Repositories, new ProposalNews(), Room.Ledger.Writer, Room.Clock);

    protected ApproveProposal Approve => new(Room.Database, new ProposalNews(), Room.Ledger.Writer, Room.Clock);

    protected CloseProposal Close => new(Room.Database, new ProposalNews(), Room.Ledger.Writer, Room.Clock);

    protected CommentOnProposal Comment => new(Room.Database, new ProposalNews(), Room.Ledger.Writer, Room.Clock);

    protected ReadCommit Commits => new(Room.Database, Repositories);

    protected RevertChange Revert => new(Room.Database, Repositories, new ProposalNews(), Room.Ledger.Writer, Room.Clock);

    protected ProposalList List => new(Room.Database, Repositories);

    public virtual async ValueTask DisposeAsync()
    {
        await Room.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected static T Value<T>(Result<T> result)
        where T : class => result.Done ? result.Value : throw new Xunit.Sdk.XunitException(string.Join("; ", result.Errors.ByField.Values));

    protected static RevertForm Back(CommitId commit) => new() { Id = Guid.CreateVersion7(), Commit = commit, Reason = "Too friendly." };

    protected static OptionPath Path(string text) => OptionPath.TryParse(text, out var path, out var error) ? path : throw new FormatException(error);

    protected async Task<ServerSettings> SettingsAsync()
    {
        Assert.True(ServerName.TryParse(Room.Server.Name, out var name, out _));
        return new ServerSettings(await Repositories.OfAsync(Room.Server.OrganisationId), name);
    }

    protected async Task<SettingsAt> BeginAsync()
    {
        var context = Room.Database.OpenForAll();
        await using (context)
        {
            context.ServerSources.Add(new ServerSource { ServerId = Room.Server.Id, OrganisationId = Room.Server.OrganisationId, Kind = SourceKind.Channel, AdoptedAt = Room.Clock.GetUtcNow() });
            await context.SaveChangesAsync(Stop);
        }

        return await BeginUnadoptedAsync();
    }

    protected async Task<SettingsAt> BeginUnadoptedAsync()
    {
        var settings = await SettingsAsync();
        await settings.SaveAsync(new SettingsAt(null, SettingsDocument.Empty), SettingsDocument.Empty, new CommitWords("Ann", "", Room.Clock.GetUtcNow(), "The first", ""));
        return await settings.ReadAsync();
    }

    protected ProposalForm Form(SettingsAt basis, params (string Path, string Text)[] settings) => new()
    {
        Id = Guid.CreateVersion7(),
        Title = "A change",
        Reason = "Because.",
        Changes = [new ProposedSettings(Room.Server.Id, basis, settings.Aggregate(basis.Document, (document, setting) => document.With(new Setting(Path(setting.Path), new NixText(setting.Text)))))],
    };

    protected Task<Proposal> ProposeAsync(SettingsAt basis, params (string Path, string Text)[] settings) => ProposeAsync(basis, needsApproval: false, null, settings);

    protected async Task<Proposal> ProposeAsync(SettingsAt basis, bool needsApproval, Guid? id = null, params (string Path, string Text)[] settings)
    {
        var form = Form(basis, settings) with { NeedsApproval = needsApproval };
        return Value(await Propose.RunAsync(Room.Ann, id is { } known ? form with { Id = known } : form, Stop));
    }
}
