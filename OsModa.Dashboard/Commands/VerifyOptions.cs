using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Witnessing;
using OsModa.Core.Storage;

namespace OsModa.Dashboard.Commands;

/// <summary>What <c>ledger verify</c> is to check, and against what.</summary>
/// <param name="File">Export or database.</param>
/// <param name="Trust">Of the one who checks.</param>
/// <param name="Log">Of a database: this one alone; null for all.</param>
/// <param name="GuardFolder">Of a database; null for none.</param>
/// <param name="Json">For programs.</param>
internal sealed record VerifyOptions(string File, LogTrust Trust, string? Log, string? GuardFolder, bool Json)
{
    private const int MostFileBytes = 1024 * 1024;
    private const string FolderVariable = "Storage__Folder";
    private const string GuardVariable = "Ledger__GuardFolder";

    /// <summary>The database of this dashboard.</summary>
    public static string DefaultFile => Path.Combine(Environment.GetEnvironmentVariable(FolderVariable) ?? new StorageSettings().Folder, "ledger.db");

    /// <summary>Where the newest signed heads of a database are, as the dashboard chooses it; null when there is no such folder. What is set here counts for the database of this dashboard.</summary>
    /// <param name="file">The database.</param>
    /// <param name="variable">What is set in the environment.</param>
    public static string? GuardOf(string file, Func<string, string?> variable)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var isOurs = folder == Path.TrimEndingDirectorySeparator(Path.GetFullPath(variable(FolderVariable) ?? new StorageSettings().Folder));
        return GuardPlace.Find(new StorageSettings { Folder = folder }, isOurs ? variable(GuardVariable) : null);
    }

    public static bool TryParse(string[] args, [NotNullWhen(true)] out VerifyOptions? options, [NotNullWhen(false)] out string? error)
    {
        (options, error) = (null, null);
        try
        {
            options = Read(args);
            return true;
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            error = $"{e.Message} See: OsModa.Dashboard ledger --help";
            return false;
        }
    }

    private static VerifyOptions Read(string[] args)
    {
        string? file = null, log = null, guard = null;
        TimestampRoots? roots = null;
        var (json, keys, seen, policy) = (false, ImmutableArray.CreateBuilder<VerifierKey>(), ImmutableArray.CreateBuilder<SignedNote>(), (TrustPolicy?)null);
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--json": json = true; break;
                case "--key": keys.AddRange(Keys(Value(args, ref i))); break;
                case "--log": log = Value(args, ref i); break;
                case "--guard": guard = Folder(Value(args, ref i)); break;
                case "--seen": seen.Add(Head(Value(args, ref i))); break;
                case "--policy": policy = Policy(Value(args, ref i)); break;
                case "--timestamp-roots": roots = TimestampRoots.Read(Value(args, ref i)); break;
                case ['-', ..]: throw new FormatException($"There is no option {args[i]}.");
                default: file = file is null ? args[i] : throw new FormatException("Only one file is checked at a time."); break;
            }
        }

        file ??= DefaultFile;
        if (!System.IO.File.Exists(file))
        {
            throw new FormatException($"There is no file {file}.");
        }

        var settings = LedgerSettings.In(new StorageSettings { Folder = Path.GetDirectoryName(Path.GetFullPath(file))! });
        guard ??= GuardOf(file, Environment.GetEnvironmentVariable);
        if (keys.Count == 0)
        {
            keys.AddRange(settings.PublicKeys());
        }

        return new VerifyOptions(file, new LogTrust(keys.ToImmutable()) { Policy = policy, Seen = seen.ToImmutable(), TimestampRoots = roots }, log, guard, json);
    }

    private static string Value(string[] args, ref int i) => ++i < args.Length ? args[i] : throw new FormatException($"{args[i - 1]} wants something after it.");

    private static string Folder(string path) => Directory.Exists(path) ? path : throw new FormatException($"There is no folder {path}.");

    private static List<VerifierKey> Keys(string text) =>
        VerifierKey.TryParse(text, out var key, out var error) ? [key]
        : !System.IO.File.Exists(text) ? throw new FormatException(error)
        : System.IO.File.ReadAllLines(text).Where(static line => line.Trim().Length > 0)
            .Select(line => VerifierKey.TryParse(line.Trim(), out var one, out var wrong) ? one : throw new FormatException($"{text}: {wrong}")).ToList();

    private static SignedNote Head(string path) =>
        SignedNote.TryParse(Bytes(path), out var note) ? note
        : LoggedProof.TryParse(Bytes(path), out var proof) ? proof.Checkpoint
        : throw new FormatException($"{path} is neither a signed head nor a proof with one.");

    private static TrustPolicy Policy(string path) => TrustPolicy.TryParse(Bytes(path), out var policy, out var error) ? policy : throw new FormatException($"{path}: {error}");

    private static byte[] Bytes(string path) => new FileInfo(path) is { Exists: true, Length: > MostFileBytes } ? throw new FormatException($"{path} is too large to be that.") : System.IO.File.ReadAllBytes(path);
}
