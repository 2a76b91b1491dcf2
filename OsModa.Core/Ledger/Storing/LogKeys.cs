using System.Text;
using OsModa.Core.Ledger.Notes;

namespace OsModa.Core.Ledger.Storing;

/// <summary>The keys that logs are signed with: a file each, in the text form of C2SP signed-note, readable by us alone, beside it the public key.</summary>
internal sealed class LogKeys(string folder)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <exception cref="LedgerDamagedException">It is broken, of another log, or open to others.</exception>
    public SignerKey LoadOrMake(LogName log) => LoadOrMake(log.Origin);

    /// <param name="name">Of the key.</param>
    /// <exception cref="LedgerDamagedException">It is broken, of another name, or open to others.</exception>
    public SignerKey LoadOrMake(string name)
    {
        Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        var path = Path.Combine(folder, Uri.EscapeDataString(name) + ".key");
        if (!File.Exists(path))
        {
            using var made = SignerKey.Generate(name);
            Write(path, made.ToSecretText());
            Write(path + ".pub", made.Verifier.ToString());
        }

        if ((File.GetUnixFileMode(path) & Others) != UnixFileMode.None)
        {
            throw new LedgerDamagedException($"The key {path} can be read or written by others. Make it private with 'chmod 600 {path}', and change it if others had access.");
        }

        return SignerKey.TryParse(File.ReadAllText(path).TrimEnd('\n'), out var key) && key.Name == name
            ? key
            : throw new LedgerDamagedException($"The key {path} is damaged, or is not that of {name}. Put the right one back.");
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
    }
}
