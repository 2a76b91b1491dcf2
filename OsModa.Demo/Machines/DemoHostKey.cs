using System.Security.Cryptography;
using System.Text;
using OsModa.Core.Servers;

namespace OsModa.Demo.Machines;

/// <summary>Host keys of simulated servers: of the right shape, made from a name, and nobody has a private one.</summary>
internal static class DemoHostKey
{
    private const string Type = "ssh-ed25519";

    /// <param name="name">The server's.</param>
    /// <param name="installation">Counted up when it is installed anew.</param>
    public static HostKey Of(string name, int installation)
    {
        // RFC 8709 section 4: the type, then 32 bytes, each with its length in four bytes before it.
        byte[] blob = [0, 0, 0, (byte)Type.Length, .. Encoding.ASCII.GetBytes(Type), 0, 0, 0, 32, .. SHA256.HashData(Encoding.UTF8.GetBytes($"host key {installation} of {name}"))];
        return HostKey.TryParse(Type, Convert.ToBase64String(blob), out var key) ? key : throw new InvalidOperationException("A host key of the demo is not of the right shape.");
    }
}
