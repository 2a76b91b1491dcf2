using System.Collections.Immutable;
using OsModa.Core.Ssh;

namespace OsModa.Core.Configuration;

/// <summary>Where the options of a server were read from.</summary>
public enum SchemaOrigin
{
    /// <summary>Its own Nix evaluated its own configuration.</summary>
    Evaluated,
    /// <summary>A file <c>options.json</c>: types are English there, and what is set is not known.</summary>
    Manual,
}

/// <summary>The options of one server and what is set there, as last read.</summary>
public sealed record ServerSchema
{
    public required OptionIndex Index { get; init; }

    /// <summary>Names the index: a hash of all options, so that servers with the same options share it.</summary>
    public required SchemaRevision Revision { get; init; }

    public required SchemaOrigin Origin { get; init; }

    /// <summary>How many options there are.</summary>
    public required int Count { get; init; }

    /// <summary>What has a value of its own, by place.</summary>
    public required ImmutableSortedDictionary<OptionPath, ValueHere> Here { get; init; }

    public required DateTimeOffset ReadAt { get; init; }

    /// <summary>Nothing had to be left out.</summary>
    public required bool Whole { get; init; }

    /// <summary>The commit that was evaluated; null where that was what the server has in <c>/etc/nixos</c>.</summary>
    public CommitId? Commit { get; init; }

    /// <summary>A hash of what the commit says of this server; null as above.</summary>
    public string? Configuration { get; init; }

    /// <summary>Of the files that options are declared in, by their contents; null where it is not known.</summary>
    public string? Stamp { get; init; }

    /// <summary>Store path of the system that ran when it was read; null where that was not known.</summary>
    public string? System { get; init; }

    /// <summary>The value that a place has on the server, with where it comes from; null where that is the default, or not told.</summary>
    public (ValueHere Where, NixValue? Value)? HereAt(OptionPath place)
    {
        for (var length = place.Parts.Length; length > 0; length--)
        {
            if (Here.GetValueOrDefault(OptionPath.Of(place.Parts[..length])) is { } where)
            {
                var value = where.Value is null ? null : DocumentPlaces.Within(where.Value, place.Parts.AsSpan()[length..]);
                return value is null && length < place.Parts.Length ? null : (where, value);
            }
        }

        return null;
    }
}

public enum SchemaStep
{
    /// <summary>Finding out what the server is made of.</summary>
    Asking,
    /// <summary>Its Nix evaluates the options.</summary>
    Options,
    /// <summary>They are made searchable.</summary>
    Indexing,
    /// <summary>Its Nix evaluates what is set.</summary>
    Values,
}

/// <summary>What is known of a server's options, and what is under way to know more.</summary>
/// <param name="Schema">As last read; null before the first time.</param>
/// <param name="Step">What is being done now; null when nothing is.</param>
/// <param name="Since">When reading began.</param>
/// <param name="Fault">Why the last reading failed; null when it did not.</param>
/// <param name="FailedAt">When that was.</param>
public sealed record SchemaState(ServerSchema? Schema, SchemaStep? Step = null, DateTimeOffset? Since = null, ConnectionFault? Fault = null, DateTimeOffset? FailedAt = null)
{
    public static readonly SchemaState Unknown = new((ServerSchema?)null);
}
