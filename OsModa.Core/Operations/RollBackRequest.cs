using OsModa.Core.Accounts;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;
using OsModa.Core.Servers;

namespace OsModa.Core.Operations;

/// <summary>What a person asks for on the rollback sheet. Forward again is the same request with the newer generation.</summary>
public sealed record RollBackRequest
{
    /// <summary>Made when the sheet opens, sent with every click on it: the same sheet never starts twice. Becomes the operation's id.</summary>
    public required Guid Sheet { get; init; }

    public required ServerId Server { get; init; }

    /// <summary>Number of the generation, as the page showed it.</summary>
    public required int Generation { get; init; }

    /// <summary>Its system, as the page showed it.</summary>
    public required StorePath Target { get; init; }

    /// <summary>What ran when the page was drawn: if another system runs by now, nothing happens.</summary>
    public required StorePath SeenCurrent { get; init; }

    /// <summary>Why; required for production servers, 500 characters at most.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The server's name, typed by the person; required for production servers.</summary>
    public string TypedName { get; init; } = "";

    /// <summary>When it comes to run. For systems that can only come by a restart: at the next boot, whenever that is, or by a restart that belongs to the switch.</summary>
    public SwitchMode Mode { get; init; }

    /// <summary>The operation that is taken back by this one: a mark that it left on the target does not stand against going there again.</summary>
    public Guid? Undoes { get; init; }

    /// <summary>The person knows that the generation is marked bad, or its system in quarantine, wants it nevertheless, and says why.</summary>
    public bool OverrideBad { get; init; }

    /// <summary>How the server watches itself meanwhile and afterwards.</summary>
    public SwitchPlan Plan { get; init; } = SwitchPlan.ByHand;

    /// <summary>Who confirms that the server can be reached, where the plan asks for that.</summary>
    public Confirmer Confirmer { get; init; }

    /// <summary>As it is written down before anything is done.</summary>
    /// <param name="caller">On whose behalf.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="from">Number of the generation that runs; null when it has none.</param>
    /// <param name="plan">How the server watches itself.</param>
    /// <param name="overrides">The person knows what stands against it.</param>
    /// <param name="now">When.</param>
    /// <param name="commit">Of the configuration that it came from; null when it came from none.</param>
    internal Operation Intended(Caller caller, OperationKind kind, int? from, SwitchPlan plan, bool overrides, DateTimeOffset now, string? commit = null) => new()
    {
        Id = Sheet,
        OrganisationId = caller.OrganisationId,
        ServerId = Server,
        Kind = kind,
        TargetGeneration = Generation,
        TargetSystem = Target.Text,
        FromGeneration = from,
        FromSystem = SeenCurrent.Text,
        OnlyNextBoot = Mode == SwitchMode.Boot,
        Plan = PlanRecord.Write(plan, Mode),
        Confirmer = Confirmer,
        Overrides = overrides,
        Reason = Reason.Trim(),
        AuthorId = caller.PersonId,
        AuthorName = caller.Name,
        StartedAt = now,
        Commit = commit,
        State = OperationState.Intended,
    };
}

/// <summary>What came of a click.</summary>
public abstract record RollBackResult
{
    private RollBackResult()
    {
    }

    /// <summary>It is under way; the page follows it from here.</summary>
    public sealed record Started(Operation Operation) : RollBackResult;

    /// <summary>One was under way, or this sheet has been sent before: watch that one.</summary>
    public sealed record Joined(Operation Operation) : RollBackResult;

    /// <summary>Nothing happened.</summary>
    /// <param name="Field">Name of the property of the request that it is about; empty for none.</param>
    /// <param name="Why">One sentence.</param>
    public sealed record Refused(string Field, string Why) : RollBackResult;

    /// <summary>The organisation has no such server.</summary>
    public sealed record NotFound : RollBackResult;
}
