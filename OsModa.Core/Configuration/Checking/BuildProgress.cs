using System.Collections.Immutable;

namespace OsModa.Core.Configuration;

/// <summary>How far a build is, as Nix tells of its activities (nix, src/libutil/logging.hh).</summary>
public sealed record BuildProgress
{
    /// <summary>As many lines of the log are kept; older ones go.</summary>
    public const int MostLines = 2_000;

    public static BuildProgress Nothing { get; } = new();

    /// <summary>Derivations built.</summary>
    public int Built { get; init; }

    /// <summary>Derivations to build, as far as Nix knows by now.</summary>
    public int ToBuild { get; init; }

    public int Failed { get; init; }

    /// <summary>Paths downloaded.</summary>
    public int Fetched { get; init; }

    public int ToFetch { get; init; }

    public long FetchedBytes { get; init; }

    public long ToFetchBytes { get; init; }

    /// <summary>What is built or downloaded right now, by name, with the phase that it is in.</summary>
    public ImmutableArray<BuildActivity> Now { get; init; } = [];

    /// <summary>Newest last; text of the server, made harmless.</summary>
    public ImmutableList<string> Log { get; init; } = [];

    /// <summary>The machine kept no more of it: the log has its limit.</summary>
    public bool IsCut { get; init; }

    /// <summary>0 to 1; null while Nix has not told what there is to do.</summary>
    public double? Share => ToBuild + ToFetch is > 0 and var all ? Math.Clamp((Built + Fetched) / (double)all, 0, 1) : null;
}

/// <param name="Name">Such as <c>nginx-1.28.0</c>.</param>
/// <param name="IsFetch">Downloaded, not built.</param>
/// <param name="Phase">Of a build that tells it, such as <c>buildPhase</c>; empty otherwise.</param>
public sealed record BuildActivity(string Name, bool IsFetch, string Phase);
