using System.Collections.Immutable;
using System.Text;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Storage;

namespace OsModa.Core.Ledger.Storing;

/// <summary>
/// The keys that logs are signed with: a file each, in the text form of C2SP signed-note, readable by us alone, beside it the public keys that the log has had, one a line. A key that replaced another
/// has its number in the file's name.
/// </summary>
/// <param name="folder">Made with the first key.</param>
/// <param name="wasSigned">Whether a log was signed before: then it had a key, and gets no other one without a word.</param>
internal sealed class LogKeys(string folder, Func<LogName, bool> wasSigned)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
    private const string Ending = ".key";

    /// <summary>All public keys in a folder of keys.</summary>
    /// <exception cref="FormatException">One cannot be read.</exception>
    public static ImmutableArray<VerifierKey> Public(string folder) => !Directory.Exists(folder) ? [] :
        [.. Directory.GetFiles(folder, "*.pub").Order(StringComparer.Ordinal).SelectMany(Lines)];

    /// <summary>The log's first key.</summary>
    /// <exception cref="LedgerDamagedException">It is broken, of another log, missing, or open to others.</exception>
    public SignerKey LoadOrMake(LogName log) =>
        !File.Exists(PathOf(log.Origin)) && !File.Exists(PublicOf(log.Origin)) && wasSigned(log) ? throw Missing(PathOf(log.Origin)) : LoadOrMake(log.Origin);

    /// <param name="name">Of the key.</param>
    /// <exception cref="LedgerDamagedException">It is broken, of another name, missing, or open to others.</exception>
    public SignerKey LoadOrMake(string name)
    {
        if (!File.Exists(PathOf(name)) && !File.Exists(PublicOf(name)))
        {
            using var made = SignerKey.Generate(name);
            Keep(PathOf(name), made);
        }

        return Load(name, PathOf(name));
    }

    /// <summary>The key that heads of others are cosigned with: others have been told it, so it is made once.</summary>
    /// <param name="name">Of the key.</param>
    /// <param name="memory">The folder that says what was cosigned with it.</param>
    /// <param name="hasCosigned">Something was.</param>
    /// <exception cref="LedgerDamagedException">It is broken, of another name, missing, or open to others.</exception>
    public SignerKey LoadOrMakeWitness(string name, string memory, bool hasCosigned) => !File.Exists(PathOf(name)) && (hasCosigned || File.Exists(PublicOf(name)))
        ? throw new LedgerDamagedException($"The key {PathOf(name)} is missing, so nothing can be cosigned with it. Put it back; or delete {PublicOf(name)} and {memory}, and give the key that is then made to those you witness for.") { NeedsEpoch = false }
        : LoadOrMake(name);

    /// <summary>The key that the log is to be signed with.</summary>
    /// <param name="log">Which log.</param>
    /// <param name="announced">What its last change of key names; null when there was none.</param>
    /// <exception cref="LedgerDamagedException">It is broken, missing, or open to others.</exception>
    public SignerKey Signer(LogName log, VerifierKey? announced) => announced is null ? LoadOrMake(log) : Load(log.Origin, PathOf(log.Origin, announced));

    /// <summary>The public keys that the log has had, as this folder has them: whatever becomes of the private ones.</summary>
    public ImmutableArray<VerifierKey> Known(LogName log)
    {
        if (!File.Exists(PublicOf(log.Origin)))
        {
            using var first = LoadOrMake(log);
            return [first.Verifier];
        }

        try
        {
            return [.. Lines(PublicOf(log.Origin))];
        }
        catch (FormatException e)
        {
            throw new LedgerDamagedException($"{e.Message} Put the right one back.", e);
        }
    }

    /// <summary>Makes the key that shall come next. It counts when the log has announced it.</summary>
    public SignerKey MakeNext(LogName log)
    {
        var next = SignerKey.Generate(log.Origin);
        Keep(PathOf(log.Origin, next.Verifier), next);
        return next;
    }

    /// <summary>Deletes private keys that the log is not signed with any more. One that it has not announced yet stays: it may be just being made.</summary>
    /// <param name="log">Which log.</param>
    /// <param name="announced">The keys that its changes name, in their order.</param>
    public void Retire(LogName log, ImmutableArray<VerifierKey> announced)
    {
        if (announced is not [.. var before, var current])
        {
            return;
        }

        var old = before.Select(key => PathOf(log.Origin, key)).Append(PathOf(log.Origin)).Where(path => path != PathOf(log.Origin, current) && File.Exists(path)).ToList();
        if (old.Count > 0)
        {
            old.ForEach(File.Delete);
            DurableFolder.Sync(folder);
        }
    }

    private static SignerKey Load(string name, string path)
    {
        if (!File.Exists(path))
        {
            throw Missing(path);
        }

        if ((File.GetUnixFileMode(path) & Others) != UnixFileMode.None)
        {
            throw new LedgerDamagedException($"The key {path} can be read or written by others. Make it private with 'chmod 600 {path}', and change it if others had access.") { NeedsEpoch = false };
        }

        return SignerKey.TryParse(File.ReadAllText(path).TrimEnd('\n'), out var key) && key.Name == name
            ? key
            : throw new LedgerDamagedException($"The key {path} is damaged, or is not that of {name}. Put the right one back.");
    }

    private static LedgerDamagedException Missing(string path) => new($"The key {path} is missing, so nothing can be signed with it. Put it back, or begin a new epoch of the ledger, which gets a key of its own.");

    private static IEnumerable<VerifierKey> Lines(string path) => File.ReadAllLines(path)
        .Where(static line => line.Trim().Length > 0)
        .Select(line => VerifierKey.TryParse(line.Trim(), out var key, out var error) ? key : throw new FormatException($"{path}: {error}"));

    private string PathOf(string name) => Path.Combine(folder, Uri.EscapeDataString(name) + Ending);

    private string PathOf(string name, VerifierKey key) => Path.Combine(folder, $"{Uri.EscapeDataString(name)}.{key.Id:x8}{Ending}");

    private string PublicOf(string name) => PathOf(name) + ".pub";

    // The private one first: a public one without it is taken for a key that was lost.
    private void Keep(string path, SignerKey key)
    {
        DurableFolder.Make(folder);
        Write(path, key.ToSecretText());
        Write(PublicOf(key.Name), (File.Exists(PublicOf(key.Name)) ? File.ReadAllText(PublicOf(key.Name)).TrimEnd('\n') + "\n" : "") + key.Verifier);
    }

    private static void Write(string path, string text)
    {
        var fresh = path + ".new";
        using (var stream = new FileStream(fresh, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
        {
            stream.Write(Encoding.UTF8.GetBytes(text + "\n"));
            stream.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);
        DurableFolder.Sync(Path.GetDirectoryName(path)!);
    }
}
