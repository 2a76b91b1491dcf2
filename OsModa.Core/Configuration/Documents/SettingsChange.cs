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
}

/// <summary>Two people's changes to one document, brought together place by place.</summary>
/// <param name="Document">With both people's changes; where they contradict, with theirs, who were first.</param>
/// <param name="Contradictions">Places that both changed, each otherwise: from theirs to ours.</param>
public sealed record SettingsMerge(SettingsDocument Document, ImmutableArray<SettingsChange> Contradictions)
{
    /// <param name="common">What both began with.</param>
    /// <param name="theirs">What is saved by now.</param>
    /// <param name="ours">What is to be saved.</param>
    public static SettingsMerge Of(SettingsDocument common, SettingsDocument theirs, SettingsDocument ours)
    {
        var merged = theirs;
        var contradictions = ImmutableArray.CreateBuilder<SettingsChange>();
        foreach (var change in SettingsChange.Between(common, ours))
        {
            if (theirs[change.Path] == change.From)
            {
                merged = change.To is null ? merged.Without(change.Path) : merged.With(change.To);
            }
            else if (theirs[change.Path] != change.To)
            {
                contradictions.Add(new SettingsChange(change.Path, theirs[change.Path], change.To));
            }
        }

        return new SettingsMerge(merged, contradictions.ToImmutable());
    }
}
