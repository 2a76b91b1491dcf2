using Microsoft.EntityFrameworkCore;

namespace OsModa.Core.Configuration;

/// <summary>Changes what is known of a remote repository while nobody moves the branch, and tells of it.</summary>
internal static class RemoteChange
{
    /// <param name="repositories">Of all organisations.</param>
    /// <param name="news">Hears of it.</param>
    /// <param name="organisation">Whose remote repository it is.</param>
    /// <param name="change">Writes to the database, and sets <see cref="ConfigurationRepository.Remote"/>.</param>
    /// <returns>Why nothing came of it, in one sentence; null when it is done.</returns>
    public static async Task<string?> RunAsync(ConfigurationRepositories repositories, RemoteNews news, Guid organisation, Func<ConfigurationRepository, Task> change)
    {
        try
        {
            var repository = await repositories.OfAsync(organisation);
            await repository.AloneAsync(async () =>
            {
                await change(repository);
                return true;
            });
            news.Tell(organisation);
            return null;
        }
        catch (RepositoryException broken)
        {
            return broken.Message;
        }
        catch (DbUpdateConcurrencyException)
        {
            return "It was changed or disconnected in this moment. Look again.";
        }
    }
}
