using OsModa.Core.Servers;
using OsModa.Core.Ssh;

namespace OsModa.Tests.Ssh;

/// <summary>Routes made of plain words.</summary>
internal static class TestRoutes
{
    public const string Ed25519 = "AAAAC3NzaC1lZDI1NTE5AAAAIMbRLGXBgTUExUWX+sL1XGeR2Kq5KgN3MuRf0dOKK1gz";

    /// <summary>Jump hosts first; each with the same accepted host key.</summary>
    public static SshRoute Of(params (string Address, string Login)[] hops) => new(Guid.NewGuid(), [.. hops.Select(h => Hop(h.Address, h.Login))]);

    private static SshHop Hop(string address, string login) =>
        HostAddress.TryParse(address, out var host, out var error) && LoginName.TryParse(login, out var name, out error) && HostKey.TryParse("ssh-ed25519", Ed25519, out var key)
            ? new SshHop(ServerId.New(), host, 22, name, [key])
            : throw new FormatException(error);
}
