using System.Collections.Frozen;
using System.Collections.Immutable;
using OsModa.Core.Comparison;
using OsModa.Core.Observation;

namespace OsModa.Tests.Comparison;

/// <summary>Two systems that are alike but for the files a test names.</summary>
internal sealed class Systems
{
    private const string Units = "etc/systemd/system/";
    private readonly Dictionary<string, FileEntry> _fromEntries = [], _toEntries = [];
    private readonly Dictionary<string, FileText> _fromTexts = [], _toTexts = [];
    private readonly List<UnitState> _running = [];
    private readonly Dictionary<string, ImmutableArray<UnitName>> _wishes = [];
    private int _targets;

    public Systems File(string path, string? old, string? @new)
    {
        Put(_fromEntries, _fromTexts, path, old);
        Put(_toEntries, _toTexts, path, @new);
        return this;
    }

    /// <summary>A file that is the same in both, but read because something near it is not.</summary>
    public Systems Alike(string path, string text)
    {
        _fromTexts[path] = _toTexts[path] = new FileText(text.Length, text);
        return this;
    }

    public Systems Unit(string name, string? old, string? @new) => File(Units + name, old, @new);

    public Systems Masked(string name, string old)
    {
        Unit(name, old, null);
        _toEntries[Units + name] = new FileEntry(Units + name, false, "/dev/null");
        return this;
    }

    /// <summary>A link of the system itself, such as <c>systemd</c>.</summary>
    public Systems Link(string path, string old, string @new)
    {
        _fromEntries[path] = new FileEntry(path, true, old);
        _toEntries[path] = new FileEntry(path, true, @new);
        return this;
    }

    public Systems Runs(params string[] names)
    {
        _running.AddRange(names.Select(name => new UnitState { Name = UnitName.Parse(name), Activity = UnitActivity.Active }));
        return this;
    }

    /// <summary>A link of the second system that the first one may have too.</summary>
    public Systems Wanted(string unit, string by)
    {
        _wishes[unit] = [UnitName.Parse(by)];
        return this;
    }

    public SystemFiles From => new(_fromEntries.ToFrozenDictionary(), _fromTexts.ToFrozenDictionary());

    public SystemFiles To => new(_toEntries.ToFrozenDictionary(), _toTexts.ToFrozenDictionary()) { Wishes = _wishes.ToFrozenDictionary() };

    public (ImmutableArray<UnitFileChange> Changes, ImmutableSortedDictionary<UnitName, UnitFate> Fates) Forecast() =>
        new SwitchRules(new UnitFiles(From, To), RunningUnits.Of(_running)).Apply();

    public string Fates() => string.Join(", ", Forecast().Fates.Select(fate => $"{fate.Key}: {fate.Value}"));

    private void Put(Dictionary<string, FileEntry> entries, Dictionary<string, FileText> texts, string path, string? text)
    {
        if (text is not null)
        {
            entries[path] = new FileEntry(path, false, $"/nix/store/{++_targets:D32}-file/{path}");
            texts[path] = new FileText(text.Length, text);
        }
    }
}
