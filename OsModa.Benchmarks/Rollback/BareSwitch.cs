using System.Diagnostics;
using OsModa.Benchmarks.Servers;

namespace OsModa.Benchmarks.Rollback;

/// <summary>A rollback as somebody types it: the profile set to the system, then its switch program. Nothing is looked at before or after.</summary>
internal static class BareSwitch
{
    private const string Profile = "/nix/var/nix/profiles/system";

    /// <summary>Runs it in one session.</summary>
    /// <returns>From the start of ssh to its end; and the number that the system has in the profile afterwards, a new one as a rule.</returns>
    public static async Task<(TimeSpan Took, int Number)> RunAsync(OpenMaster server, int generation)
    {
        var system = (await server.RunAsync($"readlink -f {Profile}-{generation}-link")).Trim();
        var began = Stopwatch.GetTimestamp();
        await server.RunAsync($"nix-env --profile {Profile} --set {system} && {system}/bin/switch-to-configuration switch");
        var took = Stopwatch.GetElapsedTime(began);
        return (took, int.Parse((await server.RunAsync($"readlink {Profile}")).Split('-')[1]));
    }
}
