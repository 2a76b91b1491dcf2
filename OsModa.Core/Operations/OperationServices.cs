using Microsoft.Extensions.DependencyInjection;

namespace OsModa.Core.Operations;

public static class OperationServices
{
    /// <summary>
    /// The verbs on servers, their history and who follows them. The host adds a <see cref="ShellOf"/>, and at start, once the
    /// database is up to date, calls <see cref="OperationWatch.ResumeAsync"/>.
    /// </summary>
    public static IServiceCollection AddOperations(this IServiceCollection services) => services
        .AddSingleton<OperationRows>()
        .AddSingleton<OperationHistory>()
        .AddSingleton<OperationWatch>()
        .AddSingleton<OutsideSwitches>()
        .AddSingleton<PreviewRollBack>()
        .AddSingleton<RollBack>();
}
