using OsModa.Core.Ledger.Storing;

namespace OsModa.Tests.Ledger.Faults;

/// <summary>Lets one system call of a process fail that concerns a ledger's files, by strace(1).</summary>
/// <param name="Calls">Which, as strace names them.</param>
/// <param name="Error">Such as <c>EIO</c>.</param>
/// <param name="Nth">The how manieth of a thread, from 1.</param>
internal sealed record SystemCallFault(string Calls, string Error, int Nth)
{
    public const string Writes = "write,pwrite64,pwritev";
    public const string Syncs = "fsync,fdatasync";
    public const string Renames = "rename,renameat,renameat2";
    public const string Cuts = "ftruncate";

    private static LogName[] Origins =>
        [.. new[] { TestLedger.Ours, LogName.Root }.Select(static tenant => new LogName(0, LogName.OriginOf(TestLedger.Host, tenant, 1), tenant, 1))];

    /// <summary>What goes before the process's own command line.</summary>
    public string[] Before(string place)
    {
        var settings = TestLedger.SettingsIn(place);
        string[] files =
        [
            settings.File, settings.File + "-wal", settings.File + "-shm",
            .. Origins.SelectMany(log => WithNew(settings.GuardFolder, log.FileName)),
            .. Origins.SelectMany(log => WithNew(settings.KeyFolder, Uri.EscapeDataString(log.Origin) + ".key")),
        ];
        return ["strace", "-f", "-qq", "-o", LogIn(place), .. files.SelectMany(static file => new[] { "-P", file }), "-e", $"trace={Calls}", "-e", $"inject={Calls}:error={Error}:when={Nth}"];

        static string[] WithNew(string folder, string name) => [Path.Combine(folder, name), Path.Combine(folder, name + ".new")];
    }

    /// <summary>How often it failed.</summary>
    public static int CountIn(string place) => File.ReadLines(LogIn(place)).Count(static line => line.EndsWith("(INJECTED)", StringComparison.Ordinal));

    private static string LogIn(string place) => Path.Combine(place, "strace");
}
