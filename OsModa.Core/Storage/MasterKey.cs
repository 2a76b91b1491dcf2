using System.Security.Cryptography;

namespace OsModa.Core.Storage;

/// <summary>
/// The key that secrets in the database are encrypted with. It lives outside the database, so that a stolen copy of that holds no usable
/// secret: in the file that <c>OSMODA_MASTER_KEY_FILE</c> names, or as systemd's credential <c>osmoda-master-key</c>, or in <c>keys/master.key</c> of the
/// data folder, which is made at the first start. The file is one line: 32 bytes in base 64.
/// </summary>
public sealed class MasterKey : IDisposable
{
    public const string FileVariable = "OSMODA_MASTER_KEY_FILE";
    public const string Credential = "osmoda-master-key";
    private const int Bytes = 32;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupRead;

    private MasterKey(Secret key)
    {
        Key = key;
        Id = SHA256.HashData([.. "osmoda master key id"u8, .. key.Reveal().Span]).AsMemory(0, 4);
    }

    /// <summary>Four bytes that tell keys apart and nothing about them.</summary>
    internal ReadOnlyMemory<byte> Id { get; }

    internal Secret Key { get; }

    /// <exception cref="StartRefusedException">The file is missing, broken, or readable by others.</exception>
    public static MasterKey LoadOrMake(StorageSettings settings) => LoadOrMake(settings, Environment.GetEnvironmentVariable);

    internal static MasterKey LoadOrMake(StorageSettings settings, Func<string, string?> variable)
    {
        if (variable(FileVariable) is { Length: > 0 } named)
        {
            return Load(named, mustBePrivate: true);
        }

        // systemd keeps credentials readable by the service alone, with modes of its own choice.
        if (variable("CREDENTIALS_DIRECTORY") is { Length: > 0 } credentials && Path.Combine(credentials, Credential) is var credential && File.Exists(credential))
        {
            return Load(credential, mustBePrivate: false);
        }

        var file = Path.Combine(Path.GetFullPath(settings.KeyFolder), "master.key");
        if (!File.Exists(file))
        {
            Make(file);
        }

        return Load(file, mustBePrivate: true);
    }

    public void Dispose() => Key.Dispose();

    private static void Make(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var text = System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes)) + "\n");
        using var stream = new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        stream.Write(text);
        stream.Flush(flushToDisk: true);
    }

    private static MasterKey Load(string file, bool mustBePrivate)
    {
        byte[] text;
        try
        {
            if (mustBePrivate && (File.GetUnixFileMode(file) & Others) != UnixFileMode.None)
            {
                throw new StartRefusedException($"The master key {file} can be read or written by others. Make it private with 'chmod 600 {file}', and consider it known if others had access.");
            }

            text = File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"The master key {file} cannot be read: {e.Message}", e);
        }

        var bytes = new byte[Bytes];
        var whole = text.Length <= 64 && Convert.TryFromBase64String(System.Text.Encoding.ASCII.GetString(text).Trim(), bytes, out var length) && length == Bytes;
        CryptographicOperations.ZeroMemory(text);
        return whole
            ? new MasterKey(Secret.Take(bytes))
            : throw new StartRefusedException($"The master key {file} is not 32 bytes in base 64. Put the right one back; a new one can be made with 'openssl rand -base64 32', but secrets encrypted with the old one are then lost.");
    }
}
