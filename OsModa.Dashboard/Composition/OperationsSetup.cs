using OsModa.Core.Configuration;
using OsModa.Core.Operations;

namespace OsModa.Dashboard.Composition;

internal static class OperationsSetup
{
    public static void AddServerOperations(this WebApplicationBuilder builder)
    {
        builder.Services.AddOperations(builder.Configuration.GetSection("SafeSwitch:KnownGood").Get<KnownGoodSettings>());
        builder.Services.AddHostedService<Following>();
    }

    /// <summary>Takes up what an earlier process left open, and writes down what happens on servers without us, as long as the dashboard runs.</summary>
    private sealed class Following(OperationWatch watch, CheckWatch checks, RolloutWatch rollouts, OutsideSwitches outside, KnownGood knownGood, Preparation preparation) : PreparedService(preparation)
    {
        protected override async Task RunAsync(CancellationToken stoppingToken)
        {
            await watch.ResumeAsync(stoppingToken);
            await checks.ResumeAsync(stoppingToken);
            await rollouts.ResumeAsync(stoppingToken);
            await Task.WhenAll(outside.RunAsync(stoppingToken), knownGood.RunAsync(stoppingToken));
        }
    }
}
