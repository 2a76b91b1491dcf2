using System.Collections.Concurrent;
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
    private readonly ConcurrentDictionary<ServerId, (Subject Of, string Configuration)> _known = new();

    /// <param name="server">One that the caller may see.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    /// <returns>Null while the server is not adopted: then what it has in <c>/etc/nixos</c> counts.</returns>
    /// <exception cref="RepositoryException">Git failed.</exception>
    public async Task<CommitSource?> FindAsync(ServerId server, CancellationToken cancellationToken) =>
        await SubjectAsync(server, cancellationToken) is { } found ? await ReadAsync(found.Source, found.Subject, found.Repository) : null;

    /// <summary>Only what <see cref="CommitSource.Configuration"/> would be; the files of a commit are read for it once.</summary>
    /// <param name="server">As above.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    /// <exception cref="RepositoryException">Git failed.</exception>
    public async Task<string?> ConfigurationAsync(ServerId server, CancellationToken cancellationToken)
    {
        if (await SubjectAsync(server, cancellationToken) is not { } found)
        {
            return null;
        }

        if (!_known.TryGetValue(server, out var known) || known.Of != found.Subject)
        {
            _known[server] = known = (found.Subject, (await ReadAsync(found.Source, found.Subject, found.Repository)).Configuration);
        }

        return known.Configuration;
    }

    private async Task<(ServerSource Source, Subject Subject, ConfigurationRepository Repository)?> SubjectAsync(ServerId server, CancellationToken cancellationToken)
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
            return await repository.HeadAsync() is { } head ? (source, new Subject(head, row.Name, source.Kind, source.OwnFlake, source.FlakeName), repository) : null;
        }
    }

    private static async Task<CommitSource> ReadAsync(ServerSource source, Subject subject, ConfigurationRepository repository)
    {
        var folder = ServerSettings.FolderOf(subject.Server);
        var (files, executables) = await repository.ReadWholeAsync(subject.Head, "");
        var own = files.Where(file => Concerns(subject.Server, file.Key)).ToList();
        return new CommitSource(source, folder, subject.Head, new Lazy<string>(() => Pack(files, executables)), Hash(source, own, executables), Hash(source, own.Where(file => !ChangeSet.IsOfForm(file.Key)), executables));
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

    // All that the hashes are made of: a commit never says something else.
    private sealed record Subject(CommitId Head, string Server, SourceKind Kind, bool OwnFlake, string FlakeName);
}
