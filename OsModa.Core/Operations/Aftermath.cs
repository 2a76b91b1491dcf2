using System.Collections.Frozen;
using OsModa.Core.Observation;

namespace OsModa.Core.Operations;

/// <summary>
/// The minute after a switch. An agent that starts, runs a second and dies looks well when the switch ends; only afterwards
/// is it seen to crash again and again. Units that were in trouble before do not count.
/// </summary>
/// <param name="operation">Which one has ended well.</param>
/// <param name="before">Units that were in trouble before it.</param>
/// <param name="since">When it ended.</param>
/// <param name="fleet">Where its server is seen.</param>
/// <param name="rows">Where it is written that it did not last.</param>
/// <param name="time">The clock.</param>
internal sealed class Aftermath(Operation operation, FrozenSet<string> before, DateTimeOffset since, Fleet fleet, OperationRows rows, TimeProvider time)
{
    /// <summary>Two restarts within a minute make a crash loop, so a minute shows one.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(60);

    private const int MostNames = 5;

    /// <summary>Names of the units in trouble now.</summary>
    public static FrozenSet<string> Troubled(ServerState state) => state.Units.Values.Where(InTrouble).Select(u => u.Name.Text).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Looks until the minute is over, something has become worse, or the server runs something else.</summary>
    public async Task RunAsync(ServerSignal signal, CancellationToken stop)
    {
        while (time.GetUtcNow() - since < Length)
        {
            var state = fleet[operation.ServerId];
            if ((state.Switch is { } other && other.Operation != operation.Id) || (state.Pins?.Current is { } current && current.Text != operation.TargetSystem))
            {
                return;
            }

            if (Worse(state, time.GetUtcNow()) is { } worse)
            {
                await rows.WorsenAsync(operation, $"{Capital(operation.TargetWords)} runs and starts at next boot, but units became worse {worse}", stop);
                return;
            }

            await signal.WaitAsync(since + Length - time.GetUtcNow(), stop);
        }
    }

    // A sentence about units that have become worse since; null while there are none.
    private string? Worse(ServerState state, DateTimeOffset now)
    {
        var worse = state.Units.Values.Where(u => InTrouble(u) && !before.Contains(u.Name.Text)).ToList();
        if (worse.Count == 0)
        {
            return null;
        }

        var names = string.Join(", ", worse.Take(MostNames).Select(u => $"{u.Name.Short} {(u.Health == UnitHealth.CrashLoop ? "restarts again and again" : "failed")}"));
        var more = worse.Count > MostNames ? $" and {worse.Count - MostNames} more" : "";
        return $"{Math.Max(1, (int)(now - since).TotalSeconds)} s after the switch: {names}{more}.";
    }

    private static string Capital(string words) => char.ToUpperInvariant(words[0]) + words[1..];

    private static bool InTrouble(UnitState unit) => unit.Health is UnitHealth.CrashLoop or UnitHealth.Failed;
}
