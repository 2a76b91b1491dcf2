using System.Collections.Immutable;

namespace OsModa.Core.Configuration;

/// <param name="Path">The option, or a place within it; no placeholders.</param>
/// <param name="Value">What it is set to.</param>
/// <param name="Priority">As mkOverride takes it: 100 is a plain definition, 50 mkForce, 1000 mkDefault.</param>
public sealed record Setting(OptionPath Path, NixValue Value, int Priority = Setting.Plain)
{
    public const int Force = 50, Plain = 100, Default = 1000;

    /// <summary>mkVMOverride is 10; below that nothing is left that could win.</summary>
    public const int Strongest = 1, Weakest = 1499;
}

/// <summary>What the form sets on one server. Never changed, only replaced.</summary>
public sealed class SettingsDocument : IEquatable<SettingsDocument>
{
    public const int MostSettings = 5_000;

    public static readonly SettingsDocument Empty = new(ImmutableSortedDictionary.Create<OptionPath, Setting>(OptionPath.Order));

    private SettingsDocument(ImmutableSortedDictionary<OptionPath, Setting> settings) => Settings = settings;

    /// <summary>By their places, in their order.</summary>
    public ImmutableSortedDictionary<OptionPath, Setting> Settings { get; }

    public Setting? this[OptionPath path] => Settings.GetValueOrDefault(path);

    public static SettingsDocument Of(IEnumerable<Setting> settings) => new(settings.ToImmutableSortedDictionary(setting => setting.Path, setting => setting, OptionPath.Order));

    public SettingsDocument With(Setting setting) => new(Settings.SetItem(setting.Path, setting));

    public SettingsDocument Without(OptionPath path) => new(Settings.Remove(path));

    public bool Equals(SettingsDocument? other) => other is not null && Settings.SequenceEqual(other.Settings);

    public override bool Equals(object? obj) => Equals(obj as SettingsDocument);

    public override int GetHashCode() => Settings.Aggregate(Settings.Count, static (hash, entry) => HashCode.Combine(hash, entry.Key, entry.Value));
}
