using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Ssh;

public static class SshServices
{
    /// <summary>Connections to servers, their keys, and the verbs on host keys. Needs the storage, a TimeProvider and, for simulated servers, a <see cref="SimulateServer"/>.</summary>
    public static IServiceCollection AddSsh(this IServiceCollection services, SshSettings settings) => services
        .AddSingleton(settings)
        .AddSingleton(provider => MasterKey.LoadOrMake(provider.GetRequiredService<StorageSettings>()))
        .AddSingleton<SecretBox>()
        .AddSingleton<OrganisationKeys>()
        .AddSingleton<RemoteShells>()
        .AddSingleton<ShowHostKeys>()
        .AddSingleton<AcceptHostKeys>();
}
