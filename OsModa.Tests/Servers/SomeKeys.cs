using OsModa.Core.Servers;

namespace OsModa.Tests.Servers;

/// <summary>Host keys by number; two of the same number are the same. An Ed25519 public key is any 32 bytes.</summary>
internal static class SomeKeys
{
    public static HostKey Number(byte number) =>
        HostKey.TryParse("ssh-ed25519", Convert.ToBase64String([0, 0, 0, 11, .. "ssh-ed25519"u8, 0, 0, 0, 32, .. Enumerable.Repeat(number, 32)]), out var key) ? key : throw new FormatException();
}
