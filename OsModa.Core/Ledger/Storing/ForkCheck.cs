using Microsoft.Data.Sqlite;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Storing;

/// <summary>Whether the database is at least as far as what was signed, and the same up to there.</summary>
internal static class ForkCheck
{
    /// <exception cref="ForkGuardException">It is older than what was signed, or another one.</exception>
    public static void Demand(SqliteConnection connection, LogState state, ForkGuard guard)
    {
        DemandNewest(state.Name, state.Size, guard);
        Demand(
            state.Name,
            state.Size,
            new TiledSubtrees(id => connection.Ask<byte[]>("SELECT data FROM tile WHERE log = ?1 AND level = ?2 AND n = ?3", state.Name.Id, id.Level, id.Index) ?? [], state.Size),
            guard.Read(state.Name));
    }

    /// <summary>The same for whoever reads.</summary>
    /// <exception cref="LedgerDamagedException">It is older than what was signed, or another one, or the guard is damaged.</exception>
    public static void Demand(LogReader reader, ForkGuard guard)
    {
        DemandNewest(reader.Log, reader.Size, guard);
        Demand(reader, guard.Read(reader.Log));
    }

    /// <summary>The same against a head that the guard had.</summary>
    /// <exception cref="LedgerDamagedException">It is older than what was signed, or another one.</exception>
    public static void Demand(LogReader reader, Checkpoint? signed) => Demand(reader.Log, reader.Size, reader.Subtrees(reader.Size), signed);

    /// <summary>The newest log of the database is the newest that was signed.</summary>
    /// <exception cref="ForkGuardException">It went on in another epoch, which the database does not have.</exception>
    public static void DemandNewest(LogName log, long size, ForkGuard guard)
    {
        if (guard.Later(log) is [.., var later] && guard.Read(later) is { } head)
        {
            throw new ForkGuardException(
                log, size, head, $"The ledger {log.Origin} went on as {later.Origin}, of which {head.Size} entries were signed, and the database has nothing of that: it is older, as after a restored backup.");
        }
    }

    private static void Demand(LogName log, long size, TiledSubtrees nodes, Checkpoint? signed)
    {
        if (signed is not { } head)
        {
            return;
        }

        if (size < head.Size)
        {
            throw new ForkGuardException(log, size, head, $"The ledger {log.Origin} has {size} entries, but {head.Size} were signed: the database is older than that, as after a restored backup.");
        }

        if (Ranges.Root(nodes, head.Size) != head.Root)
        {
            throw new ForkGuardException(log, size, head, $"The ledger {log.Origin} differs from what was signed at {head.Size} entries: it was changed, or is another one.");
        }
    }
}

/// <summary>The log may be read and not be written, until somebody begins a new epoch.</summary>
/// <param name="log">Which one.</param>
/// <param name="size">Entries in the database.</param>
/// <param name="signed">The newest head that was signed.</param>
/// <param name="why">For people.</param>
public sealed class ForkGuardException(LogName log, long size, Checkpoint signed, string why)
    : LedgerDamagedException($"{why} Nothing is written to it. Put the right database back, or begin a new epoch of the ledger.")
{
    public LogName Log => log;

    public long Size => size;

    public Checkpoint Signed => signed;
}
