using OsModa.Core.Ssh;
using OsModa.Core.Storage;

namespace OsModa.Dashboard.Composition;

internal static class ConnectionsSetup
{
    public static void AddConnections(this WebApplicationBuilder builder) =>
        builder.Services.AddSsh(builder.Configuration.GetSection("Ssh").Get<SshSettings>() ?? new SshSettings());

    /// <summary>Reads the master key, or makes it at the first start.</summary>
    /// <exception cref="StartRefusedException">It is missing where it was said to be, broken, or readable by others.</exception>
    public static void PrepareConnections(this WebApplication app) => app.Services.GetRequiredService<MasterKey>();
}
