using System.Globalization;
using OsModa.Core.Accounts;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Servers;

namespace OsModa.Core.Operations;

/// <summary>What has to hold before a rollback may begin. The one place of these rules: pages ask it, the verb obeys it.</summary>
public static class RollBackRules
{
    /// <summary>Tag of servers where a reason and the typed name are asked for.</summary>
    public const string ProductionTag = "production";

    public const int MaxReason = 500;

    public static bool NeedsReason(Server server) => server.Tags.Contains(ProductionTag, StringComparer.OrdinalIgnoreCase);

    public static bool NeedsTypedName(Server server) => NeedsReason(server);

    /// <summary>The first thing that speaks against it; null when nothing does.</summary>
    public static RollBackResult.Refused? Check(Caller caller, Server server, RollBackRequest request, ServerState state, Against against)
    {
        if (!caller.MayAct)
        {
            return new("", "You may look at this server, not change it. Somebody with the role operator can.");
        }

        return CheckWords(server, request.Reason, request.TypedName) ?? CheckServer(state, request.SeenCurrent) ?? CheckTarget(state, request, against);
    }

    /// <summary>The same for a drill, whose target does not exist yet.</summary>
    public static RollBackResult.Refused? CheckDrill(Caller caller, Server server, DrillRequest request, ServerState state) => !caller.MayAct
        ? new("", "You may look at this server, not run a drill on it. Somebody with the role operator can.")
        : CheckWords(server, request.Reason, request.TypedName) ?? CheckServer(state, request.SeenCurrent);

    /// <summary>The same for a system that was just built: it need not be a generation yet.</summary>
    internal static RollBackResult.Refused? CheckBuilt(Caller caller, Server server, RollBackRequest request, ServerState state, Against against) => !caller.MayAct
        ? new("", "You may look at this server, not change it. Somebody with the role operator can.")
        : CheckWords(server, request.Reason, request.TypedName) ?? CheckServer(state, request.SeenCurrent) ?? CheckHistory(request, against);

    /// <summary>What is wrong with a reason; null when nothing is.</summary>
    /// <param name="reason">As typed.</param>
    /// <param name="asked">What is said when there is none; null where none is needed.</param>
    public static string? ReasonTrouble(string? reason, string? asked)
    {
        var words = reason?.Trim() ?? "";
        return words.Length > MaxReason || words.Any(char.IsControl) ? $"A reason is one line of {MaxReason} characters at most." : words.Length == 0 ? asked : null;
    }

    private static RollBackResult.Refused? CheckWords(Server server, string reason, string typedName)
    {
        var asked = NeedsReason(server) ? $"Say why: {server.Name} is tagged {ProductionTag}." : null;
        if (ReasonTrouble(reason, asked) is { } trouble)
        {
            return new(nameof(RollBackRequest.Reason), trouble);
        }

        return NeedsTypedName(server) && typedName.Trim() != server.Name
            ? new(nameof(RollBackRequest.TypedName), $"Type {server.Name} to confirm.")
            : null;
    }

    private static RollBackResult.Refused? CheckServer(ServerState state, StorePath seenCurrent)
    {
        if (state.Reach != Reach.Live)
        {
            return new("", "The server does not answer now, so nothing can be started on it.");
        }

        if (state.Host is { MayAct: false })
        {
            return new("", "We may only read on this server: the login is not root and has no sudo without a password.");
        }

        if (state.Switch is { Operation: null, Outcome: null })
        {
            return new("", "Somebody is switching this server by hand right now.");
        }

        return state.Pins?.Current != seenCurrent
            ? new("", "The server runs another system than this page showed: somebody switched it meanwhile. Look again.")
            : null;
    }

    private static RollBackResult.Refused? CheckTarget(ServerState state, RollBackRequest request, Against against)
    {
        var generation = state.Generations.FirstOrDefault(g => g.Number == request.Generation && g.System == request.Target);
        if (generation is null)
        {
            return new(nameof(RollBackRequest.Generation), $"The server has no generation {request.Generation} with this system.");
        }

        if (generation.GoneAt is { } gone)
        {
            return new(nameof(RollBackRequest.Generation), $"Generation {request.Generation} is not on the server any more: somebody deleted it there, at the latest on {gone.UtcDateTime.ToString("d MMM yyyy 'at' HH:mm", CultureInfo.InvariantCulture)} UTC, when it was first missed.");
        }

        return CheckHistory(request, against);
    }

    private static RollBackResult.Refused? CheckHistory(RollBackRequest request, Against against)
    {
        if (against.Of(request) is not { } why)
        {
            return null;
        }

        return !request.OverrideBad ? new(nameof(RollBackRequest.OverrideBad), why)
            : ReasonTrouble(request.Reason, request.Generation > 0 ? $"Say why {request.Generation} is to run nevertheless." : "Say why it is to run nevertheless.") is { } trouble ? new(nameof(RollBackRequest.Reason), trouble)
            : null;
    }
}
