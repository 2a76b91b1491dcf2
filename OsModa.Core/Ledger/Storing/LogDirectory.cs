using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Storing;

/// <summary>Which logs there are.</summary>
internal sealed class LogDirectory
{
    private readonly LedgerSettings _settings;
    private readonly ConcurrentDictionary<Guid, LogName> _newest = new();
    private readonly LedgerFile _file;
    private readonly ForkGuard _guard;

    public LogDirectory(LedgerSettings settings, LedgerFile file, ForkGuard guard)
    {
        (_settings, _file, _guard) = (settings, file, guard);
        foreach (var log in All())
        {
            Remember(log);
        }
    }

    public LogName? Newest(Guid tenant) => _newest.GetValueOrDefault(tenant);

    public IReadOnlyList<LogName> All()
    {
        using var connection = _file.OpenForReading();
        return All(connection);
    }

    public static IReadOnlyList<LogName> All(SqliteConnection connection) => connection.List(
        static row => new LogName(row.GetInt64(0), row.GetString(1), Guid.ParseExact(row.GetString(2), "D"), (uint)row.GetInt64(3)),
        "SELECT id, origin, tenant, epoch FROM log ORDER BY tenant, epoch");

    /// <summary>Makes the log of the next epoch, within the writer's transaction. Call <see cref="Remember"/> when that is committed.</summary>
    public LogName Add(SqliteConnection connection, Guid tenant)
    {
        // An epoch that was signed once is never begun a second time, also when the database has lost it.
        var newest = Newest(tenant);
        var epoch = newest is null ? 1 : (_guard.Later(newest) is [.., var signed] ? signed.Epoch : newest.Epoch) + 1;

        // What was signed under another name of this host is held against the log too: a database that is gone is not begun anew unnoticed.
        var origin = newest is not null ? $"{newest.FirstOrigin}/{epoch}" : _guard.SignedOf(tenant, _settings.Host) ?? LogName.OriginOf(_settings.Host, tenant, epoch);
        var id = connection.Ask<long>(
            "INSERT INTO log(origin, tenant, epoch, size, frontier) VALUES(?1, ?2, ?3, 0, ?4) RETURNING id", origin, tenant.ToString("D"), epoch, new CompactRange().ToBytes());
        return new LogName(id, origin, tenant, epoch);
    }

    public void Remember(LogName log) => _newest.AddOrUpdate(log.Tenant, log, (_, known) => known.Epoch > log.Epoch ? known : log);
}
