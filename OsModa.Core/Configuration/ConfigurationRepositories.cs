using System.Collections.Concurrent;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <summary>The repositories of all organisations, each opened once, in <c>repositories/</c> of the data folder.</summary>
/// <param name="settings">Where that is.</param>
/// <param name="remotes">Which of them are copies of the customers' own; null: none.</param>
public sealed class ConfigurationRepositories(StorageSettings settings, Remotes? remotes = null)
{
    private readonly ConcurrentDictionary<Guid, Lazy<Task<ConfigurationRepository>>> _open = new();

    /// <summary>The repository of an organisation, made when there is none.</summary>
    /// <exception cref="RepositoryException">Git is missing, or the folder cannot be written; asked again, it is tried again.</exception>
    public async Task<ConfigurationRepository> OfAsync(Guid organisation)
    {
        var opening = _open.GetOrAdd(organisation, id => new Lazy<Task<ConfigurationRepository>>(() => OpenAsync(id)));
        try
        {
            return await opening.Value;
        }
        catch
        {
            _open.TryRemove(KeyValuePair.Create(organisation, opening));
            throw;
        }
    }

    private async Task<ConfigurationRepository> OpenAsync(Guid organisation)
    {
        var parent = Directory.CreateDirectory(Path.Combine(Path.GetFullPath(settings.Folder), "repositories"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var repository = await ConfigurationRepository.OpenAsync(Path.Combine(parent.FullName, organisation.ToString("N") + ".git"));
        repository.Remote = remotes is null ? null : await remotes.OfAsync(organisation, repository.Git);
        return repository;
    }
}
