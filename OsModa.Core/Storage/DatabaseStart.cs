using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace OsModa.Core.Storage;

/// <summary>Before the first request: is the database sound, is it ours, is it of this version; then bring it up to date.</summary>
public sealed class DatabaseStart(StorageSettings settings, Database database, ILogger<DatabaseStart> log)
{
    /// <exception cref="StartRefusedException">Damaged, made by a newer version, or not to be reached.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var context = database.OpenForAll();
        await using (context)
        {
            try
            {
                if (settings.PostgreSql is null && File.Exists(settings.SqliteFile))
                {
                    await CheckFileAsync(context, cancellationToken);
                }

                await MigrateAsync(context, cancellationToken);
            }
            catch (SqliteException broken)
            {
                throw new StartRefusedException($"The database {Path.GetFullPath(settings.SqliteFile)} cannot be used ({broken.Message}). Restore it from a backup, or name another folder with Storage__Folder.", broken);
            }
            catch (Npgsql.NpgsqlException broken)
            {
                throw new StartRefusedException($"PostgreSQL cannot be used: {broken.Message} Check Storage__PostgreSql and that the server runs.", broken);
            }
        }
    }

    private async Task CheckFileAsync(DashboardContext context, CancellationToken cancellationToken)
    {
        var answer = await context.Database.SqlQueryRaw<string>("PRAGMA quick_check(3)").ToListAsync(cancellationToken);
        if (answer is not ["ok"])
        {
            throw new StartRefusedException(
                $"The database {Path.GetFullPath(settings.SqliteFile)} is damaged: {string.Join("; ", answer)}. Restore it from a backup; nothing was changed.");
        }
    }

    private async Task MigrateAsync(DashboardContext context, CancellationToken cancellationToken)
    {
        var known = context.Database.GetMigrations().ToList();
        var applied = (await context.Database.GetAppliedMigrationsAsync(cancellationToken)).ToList();
        if (applied.Except(known, StringComparer.Ordinal).LastOrDefault() is { } newer)
        {
            throw new StartRefusedException(
                $"The database was made by a newer version of osModa Dashboard (it has '{newer}', which this version does not know). Start the newer version, or restore the backup from before the upgrade; nothing was changed.");
        }

        var pending = known.Except(applied, StringComparer.Ordinal).ToList();
        if (pending.Count == 0)
        {
            return;
        }

        if (applied.Count > 0 && settings.PostgreSql is null)
        {
            await BackUpAsync(context, applied[^1], cancellationToken);
        }

        await context.Database.MigrateAsync(cancellationToken);
        log.LogInformation("The database is up to date: {Count} migrations applied, the newest is {Newest}", pending.Count, pending[^1]);
    }

    private async Task BackUpAsync(DashboardContext context, string version, CancellationToken cancellationToken)
    {
        var backup = Path.Combine(Path.GetFullPath(settings.Folder), $"dashboard-before-upgrade-{version}.db");
        if (!File.Exists(backup))
        {
            await KeepAsync(context, backup, cancellationToken);
            log.LogInformation("The database as it was is kept in {Backup}", backup);
        }
    }

    /// <summary>Writes a copy of the database. It has its name only once it is whole and on the disk: what was killed half-way is no backup.</summary>
    /// <exception cref="StartRefusedException">It cannot be written.</exception>
    internal static async Task KeepAsync(DashboardContext context, string backup, CancellationToken cancellationToken)
    {
        var half = backup + ".new";
        try
        {
            File.Delete(half);
            await context.Database.ExecuteSqlAsync($"VACUUM INTO {half}", cancellationToken);
            using (var written = new FileStream(half, FileMode.Open, FileAccess.ReadWrite))
            {
                written.Flush(flushToDisk: true);
            }

            File.Move(half, backup);
            DurableFolder.Sync(Path.GetDirectoryName(backup)!);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"The database could not be copied to {backup} before it is brought up to date: {failed.Message} Make room or give the folder to this user; nothing was changed.", failed);
        }
    }
}
