using System.Collections.Immutable;

namespace OsModa.Core.Configuration;

/// <summary>What is wrong in a document.</summary>
/// <param name="At">The place: names of the option and further in, and positions of elements of lists. Empty for the document as a whole.</param>
/// <param name="Sentence">What to do about it.</param>
public sealed record DocumentFault(ImmutableArray<string> At, string Sentence)
{
    /// <summary>It is at the place or further in.</summary>
    public bool IsWithin(ReadOnlySpan<string> place) => At.Length >= place.Length && At.AsSpan(0, place.Length).SequenceEqual(place);
}

/// <summary>
/// The first of the checks, at each key stroke: all settings of a document against the types of their options. What a document says of one option is
/// put together before it is judged, so it does not matter where its settings begin. Remembers what it judged; for one page at a time.
/// </summary>
/// <param name="index">Of the server's options.</param>
public sealed class DocumentCheck(OptionIndex index)
{
    private readonly Dictionary<OptionPath, (NixValue Value, ImmutableArray<DocumentFault> Faults)> _judged = [];
    private readonly Dictionary<OptionPath, Option?> _options = [];
    private readonly Dictionary<OptionPath, OptionPath> _begins = [];

    /// <summary>What the types say, and whether settings begin where the module system tells them apart.</summary>
    public ImmutableArray<DocumentFault> Faults(SettingsDocument document)
    {
        var faults = ImmutableArray.CreateBuilder<DocumentFault>();
        foreach (var same in document.Settings.Values.GroupBy(setting => OptionOf(setting.Path)?.Path))
        {
            if (same.Key is { } path)
            {
                faults.AddRange(Judge(OptionOf(path)!, document.ValueAt(path)!));
                continue;
            }

            faults.AddRange(same.Select(setting => new DocumentFault(setting.Path.Parts, $"This server has no option {setting.Path}.")));
        }

        foreach (var setting in document.Settings.Values.Where(setting => setting.Priority is < Setting.Strongest or > Setting.Weakest))
        {
            faults.Add(new DocumentFault(setting.Path.Parts, $"A priority is a whole number between {Setting.Strongest} and {Setting.Weakest:N0}."));
        }

        if (DocumentSize.Fault(document) is { } sentence)
        {
            faults.Add(new DocumentFault([], sentence));
        }

        foreach (var path in document.Settings.Keys)
        {
            var begin = BeginOf(path);
            if (!begin.Equals(path))
            {
                faults.Add(new DocumentFault(path.Parts, $"{begin} takes its value as a whole, so nothing within it can be set by itself. Set {begin}."));
            }
        }

        return faults.ToImmutable();
    }

    /// <summary>The place at or around this one that a setting can begin at.</summary>
    public OptionPath BeginOf(OptionPath place)
    {
        if (!_begins.TryGetValue(place, out var begin))
        {
            _begins[place] = begin = OptionLookup.BeginOf(index, place);
        }

        return begin;
    }

    /// <summary>The option that a place belongs to: the first whose name the place begins with.</summary>
    public Option? OptionOf(OptionPath place)
    {
        for (var length = 1; length <= place.Parts.Length; length++)
        {
            var path = OptionPath.Of(place.Parts[..length]);
            if (!_options.TryGetValue(path, out var option))
            {
                _options[path] = option = index.Find(path);
            }

            if (option is not null)
            {
                return option;
            }
        }

        return null;
    }

    private ImmutableArray<DocumentFault> Judge(Option option, NixValue value)
    {
        if (!_judged.TryGetValue(option.Path, out var known) || known.Value != value)
        {
            var faults = ValueCheck.Faults(option.Type, value, option.Path, index).Select(fault => new DocumentFault(option.Path.Parts.AddRange(fault.Within), fault.Sentence)).ToImmutableArray();
            faults = [.. faults, .. PlainSecret.Faults(option.Path.Parts, value)];
            faults = option.ReadOnly ? faults.Add(new DocumentFault(option.Path.Parts, "NixOS works this out by itself; nobody can set it.")) : faults;
            _judged[option.Path] = known = (value, faults);
        }

        return known.Faults;
    }
}
