using System.Collections.Immutable;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Storage;

namespace OsModa.Core.Ledger.Storing;

/// <summary>Where the ledger keeps what it has. It is SQLite whatever the rest of the product uses.</summary>
public sealed record LedgerSettings
{
    /// <summary>The database: data that is evidence, apart from everything else.</summary>
    public required string File { get; init; }

    /// <summary>Private keys of logs, one file each; never in the database nor in its backups.</summary>
    public required string KeyFolder { get; init; }

    /// <summary>
    /// Setting <c>Ledger:GuardFolder</c>: the newest signed head of each log, outside of <see cref="StorageSettings.Folder"/>, so that a restored data folder is noticed.
    /// Best on another disk.
    /// </summary>
    public required string GuardFolder { get; init; }

    /// <summary>Whoever restores the data folder restores the guard folder with it.</summary>
    public bool IsGuardWithin => Path.GetFullPath(GuardFolder).StartsWith(Path.GetDirectoryName(Path.GetFullPath(File)) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>Setting <c>Ledger:Host</c>: the first part of the name of a new log. Logs that exist keep their name.</summary>
    public required string Host { get; init; }

    /// <summary>Setting <c>Ledger:KeepDays</c>: how long entries are kept; null: for ever.</summary>
    public TimeSpan? KeepFor { get; init; }

    /// <summary>Setting <c>Ledger:BackupFolder</c>: where a verified copy is put each day; null: nowhere.</summary>
    public string? BackupFolder { get; init; }

    /// <summary>Every public key in the key folder.</summary>
    /// <exception cref="FormatException">One cannot be read.</exception>
    public ImmutableArray<VerifierKey> PublicKeys() => LogKeys.Public(KeyFolder);

    /// <param name="storage">Where everything is.</param>
    /// <param name="host">Null or empty: the name of this machine.</param>
    /// <param name="guardFolder">Null or empty: beside the data folder, with <c>.last-signed</c> behind its name.</param>
    public static LedgerSettings In(StorageSettings storage, string? host = null, string? guardFolder = null) => new()
    {
        File = Path.Combine(Path.GetFullPath(storage.Folder), "ledger.db"),
        KeyFolder = Path.Combine(Path.GetFullPath(storage.KeyFolder), "ledger"),
        GuardFolder = string.IsNullOrWhiteSpace(guardFolder) ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(storage.Folder)) + ".last-signed" : Path.GetFullPath(guardFolder),
        Host = string.IsNullOrWhiteSpace(host) ? Environment.MachineName.ToLowerInvariant() : host.Trim(),
    };
}
