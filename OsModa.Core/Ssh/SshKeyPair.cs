using System.Text;
using OsModa.Core.Storage;

namespace OsModa.Core.Ssh;

/// <summary>A key to log in with.</summary>
/// <param name="PublicKey">One line as in authorized_keys: type, base 64, comment.</param>
/// <param name="PrivateKey">OpenSSH's own format, without a passphrase.</param>
internal sealed record SshKeyPair(string PublicKey, Secret PrivateKey) : IDisposable
{
    public void Dispose() => PrivateKey.Dispose();

    /// <summary>Makes an Ed25519 key. ssh-keygen writes to files only: they stand in memory (/dev/shm where there is one) for as long as that takes.</summary>
    /// <exception cref="ConnectionException">ssh-keygen does not work.</exception>
    public static async Task<SshKeyPair> MakeAsync(SshPrograms programs, string comment, CancellationToken cancellationToken)
    {
        var memory = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        var folder = Path.Combine(memory, $"osmoda-{Guid.NewGuid():N}");
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            var file = Path.Combine(folder, "key");
            await using var keygen = ChildProcess.Start(programs.SshKeygen, ["-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", file]);
            if (await keygen.Ended.WaitAsync(cancellationToken) != 0)
            {
                throw new ConnectionException(new ConnectionFault(ConnectionFaultKind.Ours, $"ssh-keygen cannot make a key: {SshFaults.Harmless(keygen.Errors)}"));
            }

            var privateKey = Secret.Take(await File.ReadAllBytesAsync(file, cancellationToken));
            return new SshKeyPair((await File.ReadAllTextAsync(file + ".pub", Encoding.ASCII, cancellationToken)).Trim(), privateKey);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
