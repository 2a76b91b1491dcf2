using System.Collections.Immutable;
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
    public static RollBackResult.Refused? Check(Caller caller, Server server, RollBackRequest request, ServerState state, ImmutableDictionary<string, GenerationMark> marks)
    {
        if (!caller.MayAct)
        {
            return new("", "You may look at this server, not change it. Somebody with the role operator can.");
        }

        return CheckWords(server, request) ?? CheckServer(state, request) ?? CheckTarget(state, request, marks);
    }

    private static RollBackResult.Refused? CheckWords(Server server, RollBackRequest request)
    {
        var reason = request.Reason.Trim();
        if (reason.Length > MaxReason || reason.Any(char.IsControl))
        {
            return new(nameof(RollBackRequest.Reason), $"A reason is one line of {MaxReason} characters at most.");
        }

        if (reason.Length == 0 && NeedsReason(server))
        {
            return new(nameof(RollBackRequest.Reason), $"Say why: {server.Name} is tagged {ProductionTag}.");
        }

        return NeedsTypedName(server) && request.TypedName.Trim() != server.Name
            ? new(nameof(RollBackRequest.TypedName), $"Type {server.Name} to confirm.")
            : null;
    }

    private static RollBackResult.Refused? CheckServer(ServerState state, RollBackRequest request)
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

        return state.Pins?.Current != request.SeenCurrent
            ? new("", "The server runs another system than this page showed: somebody switched it meanwhile. Look again.")
            : null;
    }

    private static RollBackResult.Refused? CheckTarget(ServerState state, RollBackRequest request, ImmutableDictionary<string, GenerationMark> marks)
    {
        var generation = state.Generations.FirstOrDefault(g => g.Number == request.Generation && g.System == request.Target);
        if (generation is null)
        {
            return new(nameof(RollBackRequest.Generation), $"The server has no generation {request.Generation} with this system.");
        }

        if (generation.GoneAt is { } gone)
        {
            return new(nameof(RollBackRequest.Generation), $"Generation {request.Generation} is gone since {gone:d MMM yyyy HH:mm} UTC: it was deleted on the server.");
        }

        return !request.OverrideBad && marks.TryGetValue(request.Target.Text, out var mark) && mark.Operation != request.Undoes
            ? new(nameof(RollBackRequest.OverrideBad), $"Generation {request.Generation} is marked bad by {mark.By}: {mark.Reason}")
            : null;
    }
}
