using OsModa.Core.Accounts;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.SafeSwitch;
using OsModa.Core.Servers;

namespace OsModa.Dashboard.Api;

/// <summary>The server's own dry run of a switch, for a comparison that asks for it. See docs/api.md.</summary>
internal static class ComparisonDryRun
{
    /// <summary>Why there can be none; null when there can.</summary>
    public static IResult? Refusal(Caller caller, ServerState state, Generation from) =>
        !caller.MayAct ? Results.Problem("A dry run works on the server: only operators and owners may ask for one. Leave dryRun out.", statusCode: StatusCodes.Status403Forbidden)
        : state.Reach != Reach.Live || state.Pins?.Current != from.System ? Results.Problem($"A server makes a dry run only from the system that it runs now, and generation {from.Number} is not it. Leave dryRun out.", statusCode: StatusCodes.Status409Conflict)
        : null;

    /// <returns>What it says of units; otherwise why it says nothing.</returns>
    public static async Task<(UnitEffects? Units, IResult? Otherwise)> RunAsync(PreviewRollBack preview, Caller caller, ServerId id, Generation to, CancellationToken stop)
    {
        var told = await preview.RunAsync(caller, id, to.Number, to.System, stop);
        return told?.Switch is { } said ? (said.Units, null) : (null, Results.Problem(told?.Fault?.Detail ?? "The server made no dry run.", statusCode: StatusCodes.Status502BadGateway));
    }
}
