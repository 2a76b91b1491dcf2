using OsModa.Demo.Machines;

namespace OsModa.Demo.Shell;

/// <summary>Answers probe.sh: what kind of server it is, one key and value a line.</summary>
internal static class ProbeAnswer
{
    public static DemoRun To(DemoServer server)
    {
        lock (server.Gate)
        {
            var release = server.Profile.Current.Release;
            return DemoRun.Of(
            [
                $"uid={(server.MayAct ? 0 : 1000)}",
                .. server.MayAct ? Array.Empty<string>() : ["sudo=no", "sudo-says=sudo: a password is required"],
                $"systemd=systemd {release.SystemdVersion}",
                $"os={release.OsName}",
                "os-id=nixos",
                "nixos-mark=yes",
                $"nix=nix (Nix) {release.Packages["nix"].Version}",
                "done=yes",
            ]);
        }
    }
}
