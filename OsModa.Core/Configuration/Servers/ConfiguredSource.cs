using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <summary>What the options of an adopted server are evaluated from: the newest commit of its organisation's repository.</summary>
public sealed class ConfiguredSource(Database database, ConfigurationRepositories repositories)
{
    /// <param name="server">One that the caller may see.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    /// <returns>Null while the server is not adopted: then what it has in <c>/etc/nixos</c> counts.</returns>
    /// <exception cref="RepositoryException">Git failed.</exception>
    public async Task<CommitSource?> FindAsync(ServerId server, CancellationToken cancellationToken)
    {
        var context = database.OpenForAll();
        await using (context)
        {
            if (await context.ServerSources.AsNoTracking().SingleOrDefaultAsync(s => s.ServerId == server, cancellationToken) is not { } source
                || await context.Servers.AsNoTracking().SingleOrDefaultAsync(s => s.Id == server, cancellationToken) is not { } row)
            {
                return null;
            }

            var repository = await repositories.OfAsync(source.OrganisationId);
            if (await repository.HeadAsync() is not { } head)
            {
                return null;
            }

            var folder = ServerSettings.FolderOf(row.Name);
            var (files, executables) = await repository.ReadWholeAsync(head, "");
            var own = files.Where(file => Concerns(row.Name, file.Key)).ToList();
            return new CommitSource(source, folder, head, new Lazy<string>(() => Pack(files, executables)), Hash(source, own, executables), Hash(source, own.Where(file => !ChangeSet.IsOfForm(file.Key)), executables));
        }
    }

    /// <summary>A server's system can come from this file: what the form says of other servers changes nothing there, but a file that a person wrote may be imported from anywhere.</summary>
    internal static bool Concerns(string server, string path) => ChangeSet.ServerOf(path) is not { } other || other.Text == server || !ChangeSet.IsOfForm(path);

    private static string Pack(ImmutableSortedDictionary<string, byte[]> files, ImmutableSortedSet<string> executables) => CheckOrder.Pack(files, executables)
        ?? throw new RepositoryException($"The configuration is larger than {CheckOrder.MostBytes / 1024 / 1024} MiB packed, which is more than is sent to a server. Take large files out of the repository.");

    private static string Hash(ServerSource source, IEnumerable<KeyValuePair<string, byte[]>> files, ImmutableSortedSet<string> executables)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{source.Kind}\n{source.OwnFlake}\n{source.FlakeName}\n"));
        foreach (var (path, contents) in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{path}\0{contents.Length}\0{(executables.Contains(path) ? "executable\0" : "")}"));
            hash.AppendData(contents);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
