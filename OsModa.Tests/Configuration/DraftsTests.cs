using OsModa.Core.Accounts;
using OsModa.Core.Configuration;
using OsModa.Core.Servers;
using OsModa.Tests.Storage;
using Xunit;

namespace OsModa.Tests.Configuration;

public sealed class DraftsTests
{
    private static readonly SettingsDocument Changed = SettingsDocument.Empty.With(new Setting(OptionPath.Of("a", "b"), new NixExpression("1 + 1"), Setting.Force));

    [Theory]
    [MemberData(nameof(TemporaryDatabase.Kinds), MemberType = typeof(TemporaryDatabase))]
    public async Task A_draft_is_there_again_as_it_was_after_a_restart_and_gone_without_a_change(DatabaseKind kind)
    {
        await using var database = await TemporaryDatabase.OpenAsync(kind);
        var (ann, server) = await ServerAsync(database);
        var basis = new SettingsAt(null, SettingsDocument.Empty);
        await new Drafts(database.Database, TimeProvider.System).SaveAsync(ann, server, basis, Changed);

        var again = new Drafts(database.Database, TimeProvider.System);
        var draft = Assert.Single(await again.OfAsync(ann, server));
        Assert.Equal(Changed, draft.Document);
        Assert.Equal(ann.Name, draft.Person);

        await again.SaveAsync(ann, server, basis, SettingsDocument.Empty);
        Assert.Empty(await again.OfAsync(ann, server));
    }

    [Fact]
    public async Task Others_of_the_organisation_see_it_and_are_told_strangers_do_not()
    {
        await using var database = await TemporaryDatabase.OpenAsync();
        var (ann, server) = await ServerAsync(database);
        var drafts = new Drafts(database.Database, TimeProvider.System);
        var told = new List<ServerId>();
        using (drafts.Subscribe(told.Add))
        {
            await drafts.SaveAsync(ann, server, new SettingsAt(null, SettingsDocument.Empty), Changed);
        }

        Assert.Equal([server], told);
        Assert.Single(await drafts.OfAsync(ann with { PersonId = Guid.NewGuid(), Role = Role.Viewer }, server));
        Assert.Empty(await drafts.OfAsync(ann with { OrganisationId = Guid.NewGuid() }, server));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => drafts.SaveAsync(ann with { Role = Role.Viewer }, server, new SettingsAt(null, SettingsDocument.Empty), Changed));
    }

    private static async Task<(Caller Ann, ServerId Server)> ServerAsync(TemporaryDatabase database)
    {
        var ann = await database.CallerAsync(Role.Owner);
        var id = new ServerId(Guid.NewGuid());
        var context = database.Database.OpenFor(ann);
        await using (context)
        {
            context.Servers.Add(new Server { Id = id, OrganisationId = ann.OrganisationId, Name = "web1", Address = "web1.example.org", Login = "root", AddedAt = TimeProvider.System.GetUtcNow() });
            await context.SaveChangesAsync();
        }

        return (ann, id);
    }
}
