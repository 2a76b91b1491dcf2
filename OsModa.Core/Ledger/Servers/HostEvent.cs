using System.Collections.Immutable;

namespace OsModa.Core.Ledger.Servers;

/// <summary>Something that was done on a server, as the server itself wrote it down. All of it is the server's word.</summary>
/// <param name="Verb">One of <see cref="HostVerbs"/>.</param>
/// <param name="Who">Login name, or program.</param>
/// <param name="Text">One sentence.</param>
/// <param name="Details">What else belongs to it.</param>
public sealed record HostEvent(string Verb, string Who, string Text, ImmutableSortedDictionary<string, string> Details)
{
    /// <summary>Network address that it came from; empty when there is none.</summary>
    public string From { get; init; } = "";
}

/// <summary>Verbs of what servers say. They are part of the ledger's format.</summary>
public static class HostVerbs
{
    public const string Prefix = "host.";
    public const string Login = "host.login";
    public const string Sudo = "host.sudo";
    public const string SudoRefused = "host.sudo-refused";
    public const string Switch = "host.switch";
    public const string RollBack = "host.roll-back";
    public const string SwitchFailed = "host.switch-failed";
    public const string UnitFailed = "host.unit-failed";
    public const string Boot = "host.boot";
    public const string ShutDown = "host.shut-down";
    public const string GarbageCollected = "host.garbage-collected";

    /// <summary>An agent has called a tool, by osModa's teachd.</summary>
    public const string Tool = "host.tool";

    /// <summary>The server's own chain is found to be other than it was.</summary>
    public const string ChainStatus = "chain.status";

    /// <summary>More came than is kept; how much was left out.</summary>
    public const string LeftOut = "host.left-out";
}
