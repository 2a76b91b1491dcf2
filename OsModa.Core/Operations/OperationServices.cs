using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Ssh;

namespace OsModa.Core.Operations;

public static class OperationServices
{
    /// <summary>
    /// The verbs on servers, their history and who follows them. At start, once the database is up to date, the host calls
    /// <see cref="OperationWatch.ResumeAsync"/>, and runs <see cref="OutsideSwitches.RunAsync"/> as long as it lives.
    /// </summary>
    public static IServiceCollection AddOperations(this IServiceCollection services) => services
        .AddSingleton<ShellOf>(services => services.GetRequiredService<RemoteShells>().ForAsync)
        .AddSingleton<OperationRows>()
        .AddSingleton<OperationHistory>()
        .AddSingleton<OperationWatch>()
        .AddSingleton<OutsideSwitches>()
        .AddSingleton<PreviewRollBack>()
        .AddSingleton<RollBack>();
}
