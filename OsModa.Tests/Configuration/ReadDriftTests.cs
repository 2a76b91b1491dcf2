using System.Text;
using OsModa.Core.Configuration;
using OsModa.Core.Storage;
using OsModa.Tests.Operations;
using Xunit;

namespace OsModa.Tests.Configuration;

/// <summary>A server is in step only while nothing that its system can come from was changed since it was built.</summary>
public sealed class ReadDriftTests : IAsyncDisposable
{
    private readonly OperationRoom _room = OperationRoom.OpenAsync().GetAwaiter().GetResult();
    private readonly ConfigurationRepositories _repositories = new(new StorageSettings { Folder = Directory.CreateTempSubdirectory("osmoda-drift-").FullName });

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _room.DisposeAsync();

    [Theory]
    [InlineData("servers/web2/settings.json", DriftKind.InStep)]
    [InlineData("servers/web1/settings.json", DriftKind.NotBuilt)]
    [InlineData("servers/web2/hand.nix", DriftKind.NotBuilt)]
    [InlineData("servers/web2/new.nix", DriftKind.InStep)]    // it was not there to be imported
    [InlineData("flake.nix", DriftKind.NotBuilt)]
    [InlineData("modules/shared.nix", DriftKind.NotBuilt)]
    public async Task A_later_commit_counts_unless_it_is_what_the_form_says_of_another_server_or_is_new_there(string path, DriftKind kind)
    {
        var built = await CommitAsync(await CommitAsync(null, "servers/web2/hand.nix", "{ }"), "servers/web1/default.nix", "{ }");
        await BuiltAsync(built);
        Assert.Equal(DriftKind.InStep, await KindAsync());

        await CommitAsync(built, path, "{ lib, ... }: { }");

        Assert.Equal(kind, await KindAsync());
    }

    [Theory]
    [InlineData("flake.lock")]
    [InlineData("servers/web1/flake.lock")]    // of a flake of the server's own
    public async Task The_pins_that_the_first_build_made_are_those_it_was_built_with_and_newer_ones_are_not(string path)
    {
        var built = await CommitAsync(null, "servers/web1/default.nix", "{ }");
        await BuiltAsync(built);

        var pinned = await CommitAsync(built, path, "1");
        Assert.Equal(DriftKind.InStep, await KindAsync());

        await CommitAsync(pinned, path, "2");
        Assert.Equal(DriftKind.NotBuilt, await KindAsync());
    }

    [Fact]
    public async Task What_a_proposal_comes_to_is_of_no_commit_before_it_is_merged_and_the_proposal_is_told()
    {
        var head = await CommitAsync(null, "servers/web1/default.nix", "{ }");
        var repository = await _repositories.OfAsync(_room.Server.OrganisationId);
        var id = Guid.CreateVersion7();
        var content = await repository.ProposeAsync(id, head, new Dictionary<string, byte[]?>(StringComparer.Ordinal) { ["servers/web1/hand.nix"] = [.. "{ }"u8] }, new CommitWords("Ann", "", _room.Clock.GetUtcNow(), "By hand", ""));
        await BuiltAsync(content);
        var context = _room.Database.OpenForAll();
        await using (context)
        {
            context.Proposals.Add(new Proposal
            {
                Id = id, OrganisationId = _room.Server.OrganisationId, Title = "By hand", Reason = "", AuthorId = _room.Ann.PersonId, AuthorName = "Ann", AuthorEmail = "", At = _room.Clock.GetUtcNow(),
                Basis = head.Text, Content = content.Text, TakenFrom = _room.Server.Id, TakenAs = content.Text,
            });
            await context.SaveChangesAsync(Stop);
        }

        var drift = await new ReadDrift(_room.Database, _room.Fleet, _repositories).RunAsync(_room.Ann, _room.Server.Id, Stop);

        Assert.Equal((DriftKind.Foreign, id), (drift?.Kind, drift?.Waiting?.Id));
    }

    private async Task<DriftKind?> KindAsync() => (await new ReadDrift(_room.Database, _room.Fleet, _repositories).RunAsync(_room.Ann, _room.Server.Id, Stop))?.Kind;

    private async Task BuiltAsync(CommitId commit)
    {
        var context = _room.Database.OpenForAll();
        await using (context)
        {
            context.ServerSources.Add(new ServerSource { ServerId = _room.Server.Id, OrganisationId = _room.Server.OrganisationId, Kind = SourceKind.Flake, AdoptedAt = _room.Clock.GetUtcNow() });
            context.CheckRuns.Add(new CheckRun
            {
                Id = Guid.CreateVersion7(), OrganisationId = _room.Server.OrganisationId, ServerId = _room.Server.Id, Commit = commit.Text, IsDraft = false, AuthorId = _room.Ann.PersonId, AuthorName = "Ann",
                StartedAt = _room.Clock.GetUtcNow(), State = CheckState.Passed, System = OperationRoom.SystemOf(42).Text,
            });
            await context.SaveChangesAsync(Stop);
        }
    }

    private async Task<CommitId> CommitAsync(CommitId? basis, string path, string text) =>
        await (await _repositories.OfAsync(_room.Server.OrganisationId)).CommitAsync(
            basis, new Dictionary<string, byte[]?>(StringComparer.Ordinal) { [path] = Encoding.UTF8.GetBytes(text) }, new CommitWords("Ann", "", _room.Clock.GetUtcNow(), "A file", "")) is { } made
            ? made
            : throw new InvalidOperationException("Somebody else was first.");
}
