using System.Collections.Immutable;

namespace OsModa.Core.Configuration;

/// <summary>What became of one place between two documents; a side is null where the place is not set.</summary>
public sealed record SettingsChange(OptionPath Path, Setting? From, Setting? To)
{
    /// <summary>All places that differ, in their order.</summary>
    public static ImmutableArray<SettingsChange> Between(SettingsDocument from, SettingsDocument to) =>
    [
        .. from.Settings.Keys.Union(to.Settings.Keys).Order(OptionPath.Order)
            .Select(path => new SettingsChange(path, from[path], to[path]))
            .Where(change => change.From != change.To),
    ];

    /// <summary>A document in which this change counts, whatever it says at the place, around it or further in.</summary>
    public SettingsDocument Onto(SettingsDocument document) => To is null ? document.Without(Path)
        : document.Around(Path) is { } around && !around.Path.Equals(Path) ? document.Put(Path, To.Value)
        : document.Clear(Path).With(To);
}

/// <summary>Two people's changes to one document, brought together place by place.</summary>
/// <param name="Document">With both people's changes; where they contradict, with theirs, who were first.</param>
/// <param name="Contradictions">Places that both changed, each otherwise, also where one changed what is around or within what the other did: from theirs to ours.</param>
public sealed record SettingsMerge(SettingsDocument Document, ImmutableArray<SettingsChange> Contradictions)
{
    /// <param name="common">What both began with.</param>
    /// <param name="theirs">What is saved by now.</param>
    /// <param name="ours">What is to be saved.</param>
    public static SettingsMerge Of(SettingsDocument common, SettingsDocument theirs, SettingsDocument ours)
    {
        var merged = theirs;
        var others = SettingsChange.Between(common, theirs);
        var contradictions = ImmutableArray.CreateBuilder<SettingsChange>();
        foreach (var change in SettingsChange.Between(common, ours))
        {
            if (theirs[change.Path] == change.From)
            {
                var overlaps = others.Where(other => !other.Path.Equals(change.Path) && (other.Path.IsWithin(change.Path) || change.Path.IsWithin(other.Path))).ToList();
                if (overlaps.Exists(other => Collide(common, theirs, ours, Inner(change.Path, other.Path))))
                {
                    var value = theirs.ValueAt(change.Path);
                    contradictions.Add(change with { From = value is null ? null : new Setting(change.Path, value, theirs.PriorityAt(change.Path) ?? Setting.Plain) });
                    continue;
                }

                // What both say is said once: a list that is there twice would be as long again.
                var same = overlaps.Where(other => other.To is not null && change.To is not null && ours.ValueAt(Inner(change.Path, other.Path)) is { } value && value == theirs.ValueAt(Inner(change.Path, other.Path))).ToList();
                merged = change.To is null ? merged.Without(change.Path)
                    : same.Exists(other => change.Path.IsWithin(other.Path)) ? merged
                    : same.Aggregate(merged, static (document, other) => document.Without(other.Path)).With(change.To);
            }
            else if (theirs[change.Path] != change.To)
            {
                contradictions.Add(new SettingsChange(change.Path, theirs[change.Path], change.To));
            }
        }

        return new SettingsMerge(merged, contradictions.ToImmutable());
    }

    private static OptionPath Inner(OptionPath one, OptionPath other) => one.Parts.Length > other.Parts.Length ? one : other;

    private static bool Collide(SettingsDocument common, SettingsDocument theirs, SettingsDocument ours, OptionPath place)
    {
        var (before, one, other) = (Said(common, place), Said(theirs, place), Said(ours, place));
        return one != other && one != before && other != before;
    }

    private static (NixValue? Value, int? Priority) Said(SettingsDocument document, OptionPath place) => document.ValueAt(place) is { } value ? (value, document.PriorityAt(place)) : default;
}
