using OsModa.Core.Configuration;
using OsModa.Core.Storage;
using OsModa.Tests.Operations;
using Xunit;

namespace OsModa.Tests.Configuration;

/// <summary>What of a repository makes a server's values another server's business.</summary>
public sealed class ConfiguredSourceTests : IAsyncDisposable
{
    private readonly OperationRoom _room = OperationRoom.OpenAsync().GetAwaiter().GetResult();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _room.DisposeAsync();

    [Theory]
    [InlineData("servers/web2/settings.json", true)]
    [InlineData("servers/web2/expressions/a.nix", true)]
    [InlineData("servers/web2/hand.nix", false)]
    [InlineData("servers/web1/settings.json", false)]
    [InlineData("common.nix", false)]
    public async Task Only_what_the_form_says_of_other_servers_leaves_the_values_of_one_alone(string path, bool same)
    {
        var context = _room.Database.OpenForAll();
        await using (context)
        {
            context.ServerSources.Add(new ServerSource { ServerId = _room.Server.Id, OrganisationId = _room.Server.OrganisationId, Kind = SourceKind.Channel, AdoptedAt = _room.Clock.GetUtcNow() });
            await context.SaveChangesAsync(Stop);
        }

        var repositories = new ConfigurationRepositories(new StorageSettings { Folder = Directory.CreateTempSubdirectory("osmoda-source-").FullName });
        var repository = await repositories.OfAsync(_room.Server.OrganisationId);
        var source = new ConfiguredSource(_room.Database, repositories);
        var first = await CommitAsync(repository, null, "servers/web1/configuration.nix");
        var before = (await source.FindAsync(_room.Server.Id, Stop))!;
        await CommitAsync(repository, first, path);

        Assert.Equal(same, (await source.FindAsync(_room.Server.Id, Stop))!.Configuration == before.Configuration);
    }

    private async Task<CommitId?> CommitAsync(ConfigurationRepository repository, CommitId? basis, string path) =>
        await repository.CommitAsync(basis, new Dictionary<string, byte[]?>(StringComparer.Ordinal) { [path] = [.. "{ }\n"u8] }, new CommitWords("Ann", "", _room.Clock.GetUtcNow(), "A file", ""));
}
