using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Dashboard.Live;

namespace OsModa.Dashboard.Pages.OneServer;

/// <summary>The generations of a server as a timeline, newest on top, with the three pins beside it.</summary>
public sealed partial class GenerationsPage
{
    private const int First = 40;

    private IReadOnlyList<Operation> _operations = [];
    private bool _all;

    [Inject] public required OperationHistory History { get; set; }

    private ImmutableArray<Generation> Present => [.. State.Generations.Where(g => g.GoneAt is null)];

    private ImmutableArray<Generation> Shown => _all ? Present : [.. Present.Take(First)];

    /// <summary>The next older one that nobody left: what most people mean by "back".</summary>
    private Generation? Before => State.Current is { } current
        ? Present.FirstOrDefault(g => g.Number < current.Number && g.System != current.System && LeftBy(g) is null)
        : null;

    protected override async Task FoundAsync(ServerCard server) => _operations = await History.OfServerAsync(Caller!, server.Id);

    protected override bool Matters(ServerState before, ServerState now)
    {
        if (before.Switch?.Outcome is null && now.Switch?.Outcome is not null)
        {
            _ = InvokeAsync(ReadOperationsAsync);
        }

        return true;
    }

    private async Task ReadOperationsAsync()
    {
        _operations = await History.OfServerAsync(Caller!, Server!.Id);
        StateHasChanged();
    }

    private Operation? MadeBy(Generation generation) => State.Current?.Number != generation.Number
        ? null
        : _operations.FirstOrDefault(o => o.State == OperationState.Verified) is { } newest && newest.TargetSystem == generation.System.Text ? newest : null;

    // Somebody went from it to an older one, and nobody went back to it since.
    private Operation? LeftBy(Generation generation)
    {
        var newest = _operations.FirstOrDefault(o => o.State == OperationState.Verified && (o.FromSystem == generation.System.Text || o.TargetSystem == generation.System.Text));
        return newest?.FromGeneration == generation.Number && newest.TargetGeneration < generation.Number && State.Current?.Number != generation.Number ? newest : null;
    }
}
