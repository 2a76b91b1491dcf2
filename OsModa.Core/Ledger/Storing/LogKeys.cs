using System.Text;
using OsModa.Core.Ledger.Notes;

namespace OsModa.Core.Ledger.Storing;

/// <summary>The keys that logs are signed with: a file each, in the text form of C2SP signed-note, readable by us alone, beside it the public key.</summary>
internal sealed class LogKeys(string folder)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <exception cref="LedgerDamagedException">It is broken, of another log, or open to others.</exception>
    public SignerKey LoadOrMake(LogName log)
    {
        Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        var path = PathOf(log);
        if (!File.Exists(path))
        {
            using var made = SignerKey.Generate(log.Origin);
            Write(path, made.ToSecretText());
            Write(path + ".pub", made.Verifier.ToString());
        }

        if ((File.GetUnixFileMode(path) & Others) != UnixFileMode.None)
        {
            throw new LedgerDamagedException($"The key {path} can be read or written by others. Make it private with 'chmod 600 {path}', and change it if others had access.");
        }

        return SignerKey.TryParse(File.ReadAllText(path).TrimEnd('\n'), out var key) && key.Name == log.Origin
            ? key
            : throw new LedgerDamagedException($"The key {path} is damaged, or belongs to another log than {log.Origin}. Put the right one back.");
    }

    private string PathOf(LogName log) => Path.Combine(folder, log.FileName + ".key");

    private static void Write(string path, string text)
    {
        var fresh = path + ".new";
        using (var stream = new FileStream(fresh, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
        {
            stream.Write(Encoding.UTF8.GetBytes(text + "\n"));
            stream.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);
    }
}
