using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>A server of the lab for tests of switches, one after the other: <see cref="StartAfreshAsync"/> brings it back to its healthy generation.</summary>
public sealed class SwitchLab : IAsyncLifetime
{
    internal LabServer Machine { get; private set; } = null!;

    internal static int Healthy => OperationLab.Generation("healthy");

    public async ValueTask InitializeAsync() => Machine = await LabServer.UpAsync("--store", "troubles");

    public async ValueTask DisposeAsync()
    {
        if (Machine is not null)
        {
            await Machine.DisposeAsync();
        }
    }

    /// <summary>The healthy generation runs and is the default at next boot.</summary>
    internal async Task<OperationLab> StartAfreshAsync()
    {
        await Machine.PlugInAsync();
        if (await GenerationAsync("/run/current-system") != Healthy || await GenerationAsync("/nix/var/nix/profiles/system") != Healthy)
        {
            await Machine.SwitchAsync(Healthy, mayFail: true);
        }

        return await OperationLab.OpenAsync(Machine);
    }

    internal Task<int> GenerationAsync(string link) => Machine.GenerationAsync(link);

    internal Task<int> SwitchesAsync() => Machine.SwitchesAsync();
}
