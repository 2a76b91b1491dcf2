using System.Collections.Concurrent;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <summary>The repositories of all organisations, each opened once, in <c>repositories/</c> of the data folder.</summary>
public sealed class ConfigurationRepositories(StorageSettings settings)
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
        catch (RepositoryException)
        {
            _open.TryRemove(KeyValuePair.Create(organisation, opening));
            throw;
        }
    }

    private Task<ConfigurationRepository> OpenAsync(Guid organisation)
    {
        var parent = Directory.CreateDirectory(Path.Combine(Path.GetFullPath(settings.Folder), "repositories"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return ConfigurationRepository.OpenAsync(Path.Combine(parent.FullName, organisation.ToString("N") + ".git"));
    }
}
