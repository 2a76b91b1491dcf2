using System.Collections.Immutable;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <summary>What is different between two commits, as people read it.</summary>
/// <param name="Servers">What becomes of each server's fields.</param>
/// <param name="Files">What becomes of files that the form does not make; a side is null where there is no such file.</param>
public sealed record ChangedParts(ImmutableArray<ProposedServer> Servers, ImmutableArray<ProposedFile> Files)
{
    /// <param name="repository">Where.</param>
    /// <param name="context">Of the organisation: it knows the servers by their names.</param>
    /// <param name="from">Before; null for nothing.</param>
    /// <param name="to">After.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    internal static async Task<ChangedParts> BetweenAsync(ConfigurationRepository repository, DashboardContext context, CommitId? from, CommitId to, CancellationToken cancellationToken)
    {
        var known = await context.Servers.AsNoTracking().ToDictionaryAsync(s => s.Name, s => s.Id, cancellationToken);
        var changes = await repository.DifferenceAsync(from, to);
        var servers = ImmutableArray.CreateBuilder<ProposedServer>();
        var unread = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in changes.Keys.Select(ChangeSet.ServerOf).OfType<ServerName>().Distinct())
        {
            var settings = new ServerSettings(repository, name);
            try
            {
                var (before, after) = (from is { } basis ? await settings.ReadAsync(basis) : SettingsDocument.Empty, await settings.ReadAsync(to));
                servers.Add(new ProposedServer(name.Text, known.TryGetValue(name.Text, out var id) ? id : null, SettingsChange.Between(before, after), before, after));
            }
            catch (FormatException)
            {
                unread.Add($"{ServerSettings.FolderOf(name.Text)}/{SettingsFiles.Name}");    // somebody's hand made it unreadable: it is shown as what it is
            }
        }

        var files = changes.Where(change => !ChangeSet.IsOfForm(change.Key) || unread.Contains(change.Key)).ToList();
        var (old, now) = from is { } first && files.Count > 0 ? (await repository.ExecutablesAsync(first), await repository.ExecutablesAsync(to)) : ([], []);
        return new ChangedParts(
            servers.ToImmutable(),
            [.. files.Select(change => new ProposedFile(change.Key, Text(change.Value.From), Text(change.Value.To), change.Value is { From: not null, To: not null } && old.Contains(change.Key) != now.Contains(change.Key) ? now.Contains(change.Key) : null))]);
    }

    private static string? Text(byte[]? contents) => contents is null ? null : Encoding.UTF8.GetString(contents);
}

/// <param name="Name">Of the server, as its folder is called.</param>
/// <param name="Server">Null when it is no longer among the servers.</param>
/// <param name="Changes">Places that differ.</param>
/// <param name="From">The document before.</param>
/// <param name="To">The document after.</param>
public sealed record ProposedServer(string Name, ServerId? Server, ImmutableArray<SettingsChange> Changes, SettingsDocument From, SettingsDocument To);

/// <param name="Path">From the root of the repository.</param>
/// <param name="From">The text before; null where there is no such file.</param>
/// <param name="To">The text after.</param>
/// <param name="Executable">It was made executable, or is not any more; null where that stays.</param>
public sealed record ProposedFile(string Path, string? From, string? To, bool? Executable = null);
