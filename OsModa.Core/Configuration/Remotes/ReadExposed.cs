using System.Collections.Immutable;
using OsModa.Core.Accounts;

namespace OsModa.Core.Configuration;

/// <summary>Which files of an organisation's configuration hold what looks like a secret: a person looks at them before they are sent to a host of others for the first time.</summary>
public sealed class ReadExposed(ConfigurationRepositories repositories)
{
    /// <returns>Those of the newest commit, in the order of their paths, 200 at most; what older commits hold is not looked at.</returns>
    /// <exception cref="RepositoryException">Git failed.</exception>
    public async Task<ImmutableArray<FileExposed>> RunAsync(Caller caller) => await FileExposed.InAsync(await repositories.OfAsync(caller.OrganisationId));
}
