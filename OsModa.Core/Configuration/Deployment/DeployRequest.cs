using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.SafeSwitch;

namespace OsModa.Core.Configuration;

/// <summary>What a person asks for when the checks have passed.</summary>
public sealed record DeployRequest
{
    /// <summary>Made when the sheet opens, sent with every click on it: the same sheet never starts twice. Becomes the operation's id.</summary>
    public required Guid Sheet { get; init; }

    /// <summary>The run of checks that built the system.</summary>
    public required Guid Check { get; init; }

    /// <summary>What ran when the page was drawn: if another system runs by now, nothing happens.</summary>
    public required StorePath SeenCurrent { get; init; }

    /// <summary>Why; required for production servers.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The server's name, typed by the person; required for production servers.</summary>
    public string TypedName { get; init; } = "";

    public SwitchMode Mode { get; init; }

    /// <summary>The person knows that the system is marked bad or in quarantine, wants it nevertheless, and says why.</summary>
    public bool OverrideBad { get; init; }

    public SwitchPlan Plan { get; init; } = SwitchPlan.Deployment;

    public Confirmer Confirmer { get; init; }
}
