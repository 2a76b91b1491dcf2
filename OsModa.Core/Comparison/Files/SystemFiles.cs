using System.Collections.Frozen;
using System.Collections.Immutable;
using OsModa.Core.Observation;

namespace OsModa.Core.Comparison;

/// <summary>The files of one side of a comparison, those left out that are the same file on the other.</summary>
/// <param name="Entries">By path from the system on.</param>
/// <param name="Texts">By path from the system on; those outside of it, such as scripts of units, by their store path.</param>
public sealed record SystemFiles(FrozenDictionary<string, FileEntry> Entries, FrozenDictionary<string, FileText> Texts)
{
    public static SystemFiles None { get; } = new(FrozenDictionary<string, FileEntry>.Empty, FrozenDictionary<string, FileText>.Empty);

    /// <summary>By name of a unit the units that want or require it by a link, whether that link is on the other side too or not; empty where nobody told.</summary>
    public FrozenDictionary<string, ImmutableArray<UnitName>> Wishes { get; init; } = FrozenDictionary<string, ImmutableArray<UnitName>>.Empty;

    /// <summary>The text of a file; null when there is none here, or none that was read.</summary>
    public string? TextOf(string path) => Texts.GetValueOrDefault(path)?.Text;
}
