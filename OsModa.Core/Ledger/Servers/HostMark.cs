using OsModa.Core.Ledger.Storing;
using OsModa.Core.Observation;

namespace OsModa.Core.Ledger.Servers;

/// <summary>How far a server's journal is in the ledger. It is written with the entries themselves, so that none is lost and none comes twice.</summary>
/// <param name="Cursor">Of the newest entry that was read; null before the first.</param>
/// <param name="Boot">The run of its kernel which that entry is from; empty before the first.</param>
/// <param name="System">The system that it last switched to, by its journal; empty when none is known.</param>
internal sealed record HostMark(JournalCursor? Cursor, Guid Boot, string System)
{
    private static readonly HostMark None = new(null, Guid.Empty, "");

    public static HostMark Load(LedgerStore store, Guid server)
    {
        using var connection = store.OpenForReading();
        return connection.List(
            static row => new HostMark(JournalCursor.TryParse(row.GetString(0), out var cursor) ? cursor : null, new Guid(row.Blob(1), bigEndian: true), row.GetString(2)),
            "SELECT cursor, boot, system FROM host WHERE source = ?1", server.Bytes()).FirstOrDefault() ?? None;
    }

    public void Save(LedgerGroup group, Guid server) => group.Connection.Run(
        "INSERT INTO host(source, cursor, boot, system) VALUES(?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET cursor = excluded.cursor, boot = excluded.boot, system = excluded.system",
        server.Bytes(), Cursor?.Text ?? "", Boot.Bytes(), System);
}
