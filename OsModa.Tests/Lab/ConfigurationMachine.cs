using OsModa.Core.Configuration;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>A server of the lab that is adopted, shared by the tests of a class, which run one after the other.</summary>
public sealed class ConfigurationMachine : IAsyncLifetime
{
    public LabServer Machine { get; private set; } = null!;

    internal ConfigurationLab Lab { get; private set; } = null!;

    /// <summary>What every document of a test begins with.</summary>
    internal SettingsAt Clean { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Machine = await LabServer.UpAsync("--tiny");
        Lab = await ConfigurationLab.OpenAsync(Machine);
        var adoption = await Lab.AdoptAsync();
        Assert.Equal(CheckState.Passed, (await Lab.EndedAsync(adoption.Check!.Value)).State);
        Clean = await (await Lab.SettingsAsync()).ReadAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Lab.DisposeAsync();
        await Machine.DisposeAsync();
    }
}
