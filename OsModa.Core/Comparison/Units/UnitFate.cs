namespace OsModa.Core.Comparison;

/// <summary>What a switch does to a unit.</summary>
public enum UnitFate
{
    /// <summary>Its file changes, it goes on as it is: it does not run, or its kind is never restarted.</summary>
    Untouched,

    /// <summary>It goes on with its old settings although they changed, because it is marked so.</summary>
    KeptRunning,

    Reload,

    /// <summary>Down and up in one step, after the activation.</summary>
    Restart,

    /// <summary>Down before the activation, up after it.</summary>
    StopAndStart,

    Start,

    /// <summary>Down, and up again when its socket gets the next connection.</summary>
    StopUntilAsked,

    /// <summary>Down for good.</summary>
    Stop,
}
