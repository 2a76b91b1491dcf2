using Microsoft.AspNetCore.Components;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Dashboard.Live;

namespace OsModa.Dashboard.Pages.OneServer;

/// <summary>How a server is, on one page.</summary>
public sealed partial class OverviewPage
{
    private IReadOnlyList<Operation> _operations = [];

    [Inject] public required OperationHistory History { get; set; }

    private List<UnitState> Wrong => [.. State.Units.Values.Where(unit => unit.Health is UnitHealth.Failed or UnitHealth.CrashLoop)];

    private List<UnitState> Agents => [.. State.Units.Values.Where(unit => unit.Agent is not null)];

    protected override async Task FoundAsync(ServerCard server) => await ReadOperationsAsync(server);

    protected override bool Matters(ServerState before, ServerState now)
    {
        if (before.Switch?.Outcome != now.Switch?.Outcome && Server is { } server)
        {
            Beside(async () =>
            {
                await ReadOperationsAsync(server);
                StateHasChanged();
            });
        }

        return true;
    }

    private async Task ReadOperationsAsync(ServerCard server) => _operations = [.. (await History.OfServerAsync(Caller!, server.Id)).Take(5)];
}
