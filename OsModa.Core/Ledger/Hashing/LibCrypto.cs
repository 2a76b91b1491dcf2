using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace OsModa.Core.Ledger.Hashing;

/// <summary>The libcrypto of OpenSSL that .NET itself has loaded: found by asking the kernel what this process has mapped, so that it is the very same file.</summary>
internal static class LibCrypto
{
    private static readonly nint Library = Open();

    /// <summary>The address of a function; 0 when this version has none of that name.</summary>
    public static nint Find(string function) => Library != 0 && NativeLibrary.TryGetExport(Library, function, out var address) ? address : 0;

    /// <summary>The address of a function that is needed.</summary>
    /// <exception cref="PlatformNotSupportedException">This OpenSSL does not have it.</exception>
    public static nint Need(string function) => Find(function) is var address and not 0
        ? address
        : throw new PlatformNotSupportedException($"The OpenSSL on this machine has no {function}, which the ledger needs for its signatures. Install OpenSSL 3.");

    private static nint Open()
    {
        SHA256.HashData([]);    // loads it
        try
        {
            foreach (var line in File.ReadLines("/proc/self/maps"))
            {
                var path = line.IndexOf('/', StringComparison.Ordinal) is var at and >= 0 ? line[at..] : "";
                if (Path.GetFileName(path).StartsWith("libcrypto.so", StringComparison.Ordinal) && NativeLibrary.TryLoad(path, out var loaded))
                {
                    return loaded;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then by its usual name.
        }

        return NativeLibrary.TryLoad("libcrypto.so.3", out var usual) ? usual : 0;
    }
}
