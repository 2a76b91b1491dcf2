namespace OsModa.Core.Storage;

/// <summary>Where rows and keys are kept.</summary>
public sealed record StorageSettings
{
    /// <summary>Setting <c>Storage:Folder</c>: database, keys and backups; one process at a time.</summary>
    public string Folder { get; init; } = "data";

    /// <summary>Setting <c>Storage:PostgreSql</c>: a connection string of Npgsql. Null or empty: SQLite in <see cref="Folder"/>.</summary>
    public string? PostgreSql
    {
        get;
        init => field = string.IsNullOrWhiteSpace(value) ? null : value;
    }

    public string SqliteFile => Path.Combine(Folder, "dashboard.db");

    /// <summary>What somebody brings to have it checked; there only meanwhile. In this folder because a temporary one may be memory.</summary>
    public string ReceivedFile => Path.Combine(Folder, "received");

    /// <summary>Where ASP.NET keeps the keys of cookies and forms; outside the database, so that a copy of one is useless without the other.</summary>
    public string KeyFolder => Path.Combine(Folder, "keys");
}
