using System.Collections.Immutable;

namespace OsModa.Core.Nix;

/// <summary>One generation of a server's system profile, <c>/nix/var/nix/profiles/system-N-link</c>.</summary>
public sealed record Generation
{
    /// <summary>N of <c>system-N-link</c>, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>What the link points to.</summary>
    public required StorePath System { get; init; }

    /// <summary>When the profile was set to it: the modification time of the link itself.</summary>
    public required DateTimeOffset ActivatedAt { get; init; }

    /// <summary>Contents of <c>nixos-version</c>: the label, such as <c>24.05.20240601.abc1234</c>; null when unreadable.</summary>
    public string? Label { get; init; }

    /// <summary>Name of the directory below <c>kernel-modules/lib/modules</c>; null when unreadable.</summary>
    public string? KernelVersion { get; init; }

    /// <summary>Revision of the configuration's repository, where the configuration sets it.</summary>
    public string? ConfigurationRevision { get; init; }

    public ImmutableArray<string> Specialisations { get; init; } = [];

    /// <summary>Null until the closure has been measured.</summary>
    public ClosureSize? Closure { get; init; }

    /// <summary>When the generation was first seen missing; it stays in the history. Null while it is there.</summary>
    public DateTimeOffset? GoneAt { get; init; }

    /// <summary>The last moment at which it was known to be there, by our clock, where nobody has watched since: of one that is gone, it went between this and <see cref="GoneAt"/>. Null: it is watched, or was when it went.</summary>
    public DateTimeOffset? SeenAt { get; init; }
}

/// <param name="Bytes">Sum of the NAR sizes of all paths that the system needs.</param>
/// <param name="ExclusiveBytes">Of these, what no other generation of this profile needs: freed when it is deleted.</param>
/// <param name="Paths">How many paths.</param>
public sealed record ClosureSize(long Bytes, long ExclusiveBytes, int Paths);
