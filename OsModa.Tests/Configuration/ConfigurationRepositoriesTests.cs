using OsModa.Core.Configuration;
using OsModa.Core.Storage;
using Xunit;

namespace OsModa.Tests.Configuration;

public sealed class ConfigurationRepositoriesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osmoda-repositories-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Each_organisation_has_one_repository_that_is_opened_once()
    {
        var repositories = new ConfigurationRepositories(new StorageSettings { Folder = _folder });
        var (ann, bob) = (Guid.NewGuid(), Guid.NewGuid());
        var both = await Task.WhenAll(repositories.OfAsync(ann), repositories.OfAsync(ann));

        Assert.Same(both[0], both[1]);
        Assert.NotSame(both[0], await repositories.OfAsync(bob));
        Assert.Equal(2, Directory.GetDirectories(Path.Combine(_folder, "repositories")).Length);
    }

    [Fact]
    public async Task A_folder_that_could_not_be_written_is_tried_again()
    {
        var repositories = new ConfigurationRepositories(new StorageSettings { Folder = _folder });
        var organisation = Guid.NewGuid();
        var place = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "repositories")).FullName, $"{organisation:N}.git");
        await File.WriteAllTextAsync(place, "in the way");
        await Assert.ThrowsAsync<RepositoryException>(() => repositories.OfAsync(organisation));
        File.Delete(place);

        Assert.NotNull(await repositories.OfAsync(organisation));
    }
}
