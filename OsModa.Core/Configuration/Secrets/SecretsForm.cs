using System.Collections.Immutable;
using OsModa.Core.Servers;

namespace OsModa.Core.Configuration;

/// <summary>How a module for secrets comes into the configuration of a server.</summary>
public enum SecretsWay
{
    /// <summary>The server is not in the repository yet.</summary>
    NotAdopted,
    /// <summary>Its flake and its folder are as they were made here: a proposal changes them.</summary>
    Proposal,
    /// <summary>A flake that a person wrote or changed: it is theirs.</summary>
    Flake,
    /// <summary>There is no flake to pin an input in.</summary>
    Channel,
}

/// <param name="Way">How it is done.</param>
/// <param name="File">The file that is changed for it, from the root of the repository; empty where there is none.</param>
/// <param name="Missing">What the server does not import yet.</param>
public sealed record SecretsFound(SecretsWay Way, string File, ImmutableArray<SecretModule> Missing);

/// <summary>What a person says of a module that is to be imported.</summary>
public sealed record SecretsForm
{
    public required ServerId Server { get; init; }

    public required SecretModule Module { get; init; }

    /// <summary>Why, in one line; may be empty where the server asks for none.</summary>
    public string Reason { get; init; } = "";

    /// <summary>It cannot be merged before a second person has approved it.</summary>
    public bool NeedsApproval { get; init; }
}
