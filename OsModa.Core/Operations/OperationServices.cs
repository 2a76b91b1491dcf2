using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Ssh;

namespace OsModa.Core.Operations;

public static class OperationServices
{
    /// <summary>
    /// The verbs on servers, their history and who follows them. At start, once the database is up to date, the host calls
    /// <see cref="OperationWatch.ResumeAsync"/>, and runs <see cref="OutsideSwitches.RunAsync"/> and <see cref="KnownGood.RunAsync"/> as long as it lives.
    /// </summary>
    public static IServiceCollection AddOperations(this IServiceCollection services, KnownGoodSettings? knownGood = null) => services
        .AddSingleton<ShellOf>(services => services.GetRequiredService<RemoteShells>().ForAsync)
        .AddSingleton<OperationRows>()
        .AddSingleton<OperationHistory>()
        .AddSingleton<OperationWatch>()
        .AddSingleton<StandingWatches>()
        .AddSingleton<OutsideSwitches>()
        .AddSingleton<QuarantineList>()
        .AddSingleton(knownGood ?? new KnownGoodSettings())
        .AddSingleton<KnownGood>()
        .AddSingleton<BeginOperation>()
        .AddSingleton<PreviewRollBack>()
        .AddSingleton<RollBack>()
        .AddSingleton<RunDrill>()
        .AddSingleton<KeepOperation>()
        .AddSingleton<StopOperation>();
}
