using OsModa.Core.Servers;
using OsModa.Core.Ssh;

namespace OsModa.Tests.Ssh;

/// <summary>Routes made of plain words.</summary>
internal static class TestRoutes
{
    public const string Ed25519 = "AAAAC3NzaC1lZDI1NTE5AAAAIMbRLGXBgTUExUWX+sL1XGeR2Kq5KgN3MuRf0dOKK1gz";

    /// <summary>Jump hosts first; each with the same accepted host key. Ids end in a, b, c…</summary>
    public static SshRoute Of(params (string Address, string Login)[] hops) => new(Guid.NewGuid(), [.. hops.Select((h, i) => Hop(h.Address, h.Login, i))]);

    private static SshHop Hop(string address, string login, int index) =>
        HostAddress.TryParse(address, out var host, out var error) && LoginName.TryParse(login, out var name, out error) && HostKey.TryParse("ssh-ed25519", Ed25519, out var key)
            ? new SshHop(new ServerId(Guid.Parse($"0198c0de-0000-7000-8000-00000000000{index + 10:x}")), host, 22, name, [key])
            : throw new FormatException(error);
}
