using OsModa.Core.Configuration;
using OsModa.Core.Servers;
using OsModa.Core.Storage;
using OsModa.Dashboard.Pages.Configuration.Editing;
using OsModa.Tests.Configuration;
using OsModa.Tests.Operations;
using Xunit;

namespace OsModa.Tests.Pages.Configuration;

/// <summary>What a person types is kept, also while the form is opened anew beneath their hands.</summary>
public sealed class DraftKeeperTests : IAsyncDisposable
{
    private static readonly OptionPath Workers = SomeSchema.Path("services.web.workers"), Enable = SomeSchema.Path("services.web.enable"), User = SomeSchema.Path("services.web.user");
    private readonly SomeSchema _some = new();
    private readonly OperationRoom _room;
    private readonly ConfigurationRepositories _repositories;
    private readonly DraftKeeper _keeper;

    public DraftKeeperTests()
    {
        _room = OperationRoom.OpenAsync().GetAwaiter().GetResult();
        _repositories = new ConfigurationRepositories(new StorageSettings { Folder = Directory.CreateTempSubdirectory("osmoda-drafts-").FullName });
        _keeper = new DraftKeeper(new Drafts(_room.Database, _room.Clock), _repositories, _room.Server.Id, Name);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ServerName Name => ServerName.TryParse(_room.Server.Name, out var name, out var error) ? name : throw new FormatException(error);

    public async ValueTask DisposeAsync()
    {
        _some.Dispose();
        await _room.DisposeAsync();
    }

    [Fact]
    public async Task What_is_typed_while_the_form_opens_anew_comes_along()
    {
        var before = await OpenAsync();
        before.Apply(With(before, Workers, new NixInteger(8)));
        before.Apply(With(before, User, new NixText("ann")));
        Assert.True(await _keeper.SaveAsync(_room.Ann, before, Stop));

        var after = await _keeper.OpenAsync(_some.Schema, _room.Ann, Stop);
        before.Apply(With(before, Enable, new NixBool(true)));
        before.Apply(before.Document.Without(User));
        _keeper.Show(after);

        Assert.Equal([Enable, Workers], after.Changes.Select(change => change.Path));
    }

    [Fact]
    public async Task The_way_back_and_forth_survives_that_the_form_opens_anew()
    {
        var before = await OpenAsync();
        before.Apply(With(before, Workers, new NixInteger(8)));
        before.Apply(With(before, User, new NixText("ann")));
        before.Undo();
        Assert.True(await _keeper.SaveAsync(_room.Ann, before, Stop));

        var after = await OpenAsync();
        Assert.Equal([Workers], after.Changes.Select(change => change.Path));
        after.Redo();
        Assert.Equal([User, Workers], after.Changes.Select(change => change.Path));
        after.Undo();
        after.Undo();
        Assert.Empty(after.Changes);
        Assert.False(after.CanUndo);
    }

    [Fact]
    public async Task What_another_window_made_of_it_while_the_form_opens_anew_can_be_taken_back()
    {
        var before = await OpenAsync();
        before.Apply(With(before, Workers, new NixInteger(8)));
        Assert.True(await _keeper.SaveAsync(_room.Ann, before, Stop));
        var window = new DraftKeeper(new Drafts(_room.Database, _room.Clock), _repositories, _room.Server.Id, Name);
        var other = await window.OpenAsync(_some.Schema, _room.Ann, Stop);
        other.Apply(With(other, User, new NixText("ann")));
        Assert.True(await window.SaveAsync(_room.Ann, other, Stop));

        var after = await OpenAsync();
        Assert.Equal([User, Workers], after.Changes.Select(change => change.Path));
        after.Undo();
        Assert.Equal([Workers], after.Changes.Select(change => change.Path));
        after.Undo();
        Assert.Empty(after.Changes);
    }

    [Fact]
    public async Task Which_proposal_a_draft_is_to_change_is_kept_with_it_and_goes_with_it()
    {
        var (proposal, session) = (Guid.NewGuid(), await OpenAsync());
        session.Apply(With(session, Workers, new NixInteger(8)));
        _keeper.Proposal = proposal;
        Assert.True(await _keeper.SaveAsync(_room.Ann, session, Stop));

        var later = new DraftKeeper(new Drafts(_room.Database, _room.Clock), _repositories, _room.Server.Id, Name);
        var again = await later.OpenAsync(_some.Schema, _room.Ann, Stop);
        Assert.Equal(proposal, later.Proposal);

        await later.DropAsync(_room.Ann, again, Stop);
        await later.OpenAsync(_some.Schema, _room.Ann, Stop);
        Assert.Null(later.Proposal);
    }

    [Fact]
    public async Task What_others_save_meanwhile_is_not_taken_for_typed()
    {
        var before = await OpenAsync();
        before.Apply(With(before, Enable, new NixBool(true)));
        Assert.True(await _keeper.SaveAsync(_room.Ann, before, Stop));
        await CommitAsync(16);
        Assert.Equal(new NixInteger(16), (await OpenAsync()).Document.ValueAt(Workers));
        await CommitAsync(32);

        var after = await OpenAsync();

        Assert.Equal(new NixInteger(32), after.Document.ValueAt(Workers));
        Assert.Equal(Enable, Assert.Single(after.Changes).Path);
    }

    [Fact]
    public async Task What_is_no_data_does_not_take_the_draft_with_it()
    {
        var session = await OpenAsync();
        session.Apply(With(session, Enable, new NixBool(true)));
        session.Apply(With(session, SomeSchema.Path("services.web.any"), NixSet.Of([KeyValuePair.Create<string, NixValue>("hook", new NixList([new NixOther("function")]))])));

        Assert.True(await _keeper.SaveAsync(_room.Ann, session, Stop));

        Assert.Equal("your draft is kept without what the form cannot write", _keeper.Words);
        var again = await new DraftKeeper(new Drafts(_room.Database, _room.Clock), _repositories, _room.Server.Id, Name).OpenAsync(_some.Schema, _room.Ann, Stop);
        Assert.Equal(Enable, Assert.Single(again.Changes).Path);
    }

    [Fact]
    public async Task A_draft_that_could_not_be_read_again_is_not_kept_and_the_one_before_stays()
    {
        var session = await OpenAsync();
        session.Apply(With(session, Enable, new NixBool(true)));
        Assert.True(await _keeper.SaveAsync(_room.Ann, session, Stop));
        session.Apply(SettingsDocument.Of(Enumerable.Range(0, SettingsDocument.MostSettings + 1).Select(i => new Setting(SomeSchema.Path($"services.web.settings.n{i}"), new NixBool(true)))));

        Assert.True(await _keeper.SaveAsync(_room.Ann, session, Stop));

        Assert.StartsWith("your draft is not kept", _keeper.Words, StringComparison.Ordinal);
        var again = await new DraftKeeper(new Drafts(_room.Database, _room.Clock), _repositories, _room.Server.Id, Name).OpenAsync(_some.Schema, _room.Ann, Stop);
        Assert.Equal(Enable, Assert.Single(again.Changes).Path);
    }

    private static SettingsDocument With(FormSession session, OptionPath path, NixValue value) => session.Document.With(new Setting(path, value));

    private async Task<FormSession> OpenAsync()
    {
        var session = await _keeper.OpenAsync(_some.Schema, _room.Ann, Stop);
        _keeper.Show(session);
        return session;
    }

    private async Task CommitAsync(int workers)
    {
        var settings = new ServerSettings(await _repositories.OfAsync(_room.Server.OrganisationId), Name);
        var now = await settings.ReadAsync();
        Assert.NotNull((await settings.SaveAsync(now, now.Document.With(new Setting(Workers, new NixInteger(workers))), new CommitWords("Bob", "", _room.Clock.GetUtcNow(), "More workers", ""))).Commit);
    }
}
