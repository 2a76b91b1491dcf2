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
        var (source, repository) = await OpenAsync();
        var first = await CommitAsync(repository, null, "servers/web1/configuration.nix");
        var before = (await source.FindAsync(_room.Server.Id, Stop))!;
        await CommitAsync(repository, first, path);

        Assert.Equal(same, (await source.FindAsync(_room.Server.Id, Stop))!.Configuration == before.Configuration);
    }

    [Fact]
    public async Task The_files_of_a_commit_are_read_once_to_tell_whether_it_says_something_else()
    {
        var (source, repository) = await OpenAsync();
        var first = await CommitAsync(repository, null, "servers/web1/configuration.nix");
        var before = (await source.ConfigurationAsync(_room.Server.Id, Stop))!;
        Assert.Equal((await source.FindAsync(_room.Server.Id, Stop))!.Configuration, before);
        var objects = Path.Combine(repository.Git.Folder, "objects");
        // Everything but the commit itself.
        foreach (var file in Directory.EnumerateFiles(objects, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(Path.GetDirectoryName(file)) + Path.GetFileName(file) != first!.Value.Text).ToList())
        {
            File.Delete(file);
        }

        Assert.Equal(before, await source.ConfigurationAsync(_room.Server.Id, Stop));
    }

    private async Task<(ConfiguredSource Source, ConfigurationRepository Repository)> OpenAsync()
    {
        var context = _room.Database.OpenForAll();
        await using (context)
        {
            context.ServerSources.Add(new ServerSource { ServerId = _room.Server.Id, OrganisationId = _room.Server.OrganisationId, Kind = SourceKind.Channel, AdoptedAt = _room.Clock.GetUtcNow() });
            await context.SaveChangesAsync(Stop);
        }

        var repositories = new ConfigurationRepositories(new StorageSettings { Folder = Directory.CreateTempSubdirectory("osmoda-source-").FullName });
        return (new ConfiguredSource(_room.Database, repositories), await repositories.OfAsync(_room.Server.OrganisationId));
    }

    private async Task<CommitId?> CommitAsync(ConfigurationRepository repository, CommitId? basis, string path) =>
        await repository.CommitAsync(basis, new Dictionary<string, byte[]?>(StringComparer.Ordinal) { [path] = [.. "{ }\n"u8] }, new CommitWords("Ann", "", _room.Clock.GetUtcNow(), "A file", ""));
}
