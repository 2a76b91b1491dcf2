using System.Collections.Immutable;

namespace OsModa.Core.Configuration;

/// <summary>What is wrong with a value.</summary>
/// <param name="Within">Where in it: names of members, and positions of elements from 0. Empty for the value itself.</param>
/// <param name="Sentence">What to do about it.</param>
public sealed record ValueFault(ImmutableArray<string> Within, string Sentence);

/// <summary>
/// Checks values against their types before any evaluation. It never refuses what NixOS would take; what it cannot judge it lets pass.
/// Only what would stop being data is refused whatever the type: names that the module system reads a meaning into.
/// </summary>
public sealed class ValueCheck
{
    private const int LongestText = 1024 * 1024, MostFaults = 50;

    // Members that make a set a module of its own (nixpkgs, lib/modules.nix, unifyModuleSyntax): imports would read a file as code.
    private static readonly ImmutableHashSet<string> ModuleWords =
        ["_class", "_file", "_module", "class", "config", "disabledModules", "freeformType", "imports", "key", "meta", "options", "require"];

    private readonly Func<OptionPath, IReadOnlyList<Option>> _fields;
    private readonly Func<OptionPath, bool> _leadsOn;
    private readonly List<ValueFault> _faults = [];

    private ValueCheck(Func<OptionPath, IReadOnlyList<Option>> fields, Func<OptionPath, bool> leadsOn) => (_fields, _leadsOn) = (fields, leadsOn);

    /// <param name="type">What is taken.</param>
    /// <param name="value">What is given.</param>
    /// <param name="place">Of the option in the schema.</param>
    /// <param name="index">Of the server's options.</param>
    public static IReadOnlyList<ValueFault> Faults(OptionType type, NixValue value, OptionPath place, OptionIndex index) => Faults(type, value, place, index.Below, index.LeadsOn);

    /// <param name="type">What is taken.</param>
    /// <param name="value">What is given.</param>
    /// <param name="place">Of the option in the schema.</param>
    /// <param name="fields">Options directly below a place, such as <see cref="OptionIndex.Below"/>.</param>
    /// <param name="leadsOn">Whether there are options below a place, however far in, such as <see cref="OptionIndex.LeadsOn"/>.</param>
    public static IReadOnlyList<ValueFault> Faults(OptionType type, NixValue value, OptionPath place, Func<OptionPath, IReadOnlyList<Option>> fields, Func<OptionPath, bool> leadsOn)
    {
        var check = new ValueCheck(fields, leadsOn);
        check.Data(value, []);
        if (check._faults.Count == 0)
        {
            check.Check(type, value, place, []);
        }

        return check._faults;
    }

    private void Data(NixValue value, ImmutableArray<string> at)
    {
        if (at.Length > NixValue.DeepestNesting - 1)
        {
            Fault(at, $"Values are nested {NixValue.DeepestNesting} levels deep at most.");
            return;
        }

        switch (value)
        {
            case NixText(var text):
                Fault(at, text.Length > LongestText ? "A text has a million characters at most." : NixWords.Fault(text));
                break;
            case NixFloat(var real) when !double.IsFinite(real):
                Fault(at, "Nix has no number for infinity.");
                break;
            // Nix's own reader of numbers takes such a literal for an error (strtod(3), ERANGE).
            case NixFloat(var real) when double.IsSubnormal(real):
                Fault(at, "Nix cannot write a number so close to zero.");
                break;
            case NixList(var items):
                for (var i = 0; i < items.Length; i++)
                {
                    Data(items[i], at.Add($"{i}"));
                }

                break;
            case NixSet(var members):
                foreach (var (name, member) in members)
                {
                    Fault(at.Add(name), name == "_type" ? "A member cannot be called _type: the module system would not take the set as data." : name.Length == 0 ? "Give this a name." : name.Length > 1024 ? "A name has 1,024 characters at most." : NixWords.Fault(name));
                    Data(member, at.Add(name));
                }

                break;
            case NixPackage(var path) when path.IsDefaultOrEmpty || path.Any(part => part.Length is 0 or > 256 || NixWords.Fault(part) is not null):
                Fault(at, "Name a package, such as htop or python3Packages.requests.");
                break;
            case NixExpression(var code):
                Fault(at, string.IsNullOrWhiteSpace(code) ? "Enter an expression of Nix." : code.Length > LongestText ? "An expression has a million characters at most." : NixWords.Fault(code) ?? NixBrackets.Fault(code));
                break;
            case NixOther:
                Fault(at, "What stands here is no data. Write it as an expression of Nix.");
                break;
        }
    }

    private void Check(OptionType type, NixValue value, OptionPath place, ImmutableArray<string> at)
    {
        switch (type, value)
        {
            // What an expression comes to, only an evaluation tells.
            case (_, NixExpression) or (AnyType { OnlySets: false }, _) or (OtherType, _):
                break;
            case (NullableType(var element), _):
                if (value is not NixNull)
                {
                    Check(element, value, place, at);
                }

                break;
            case (EitherType(var choices), _):
                Any(choices, value, place, at);
                break;
            case (CoercedType(var from, var to), _):
                if (from is not null)
                {
                    Any([from, to], value, place, at);
                }

                break;
            case (ListType(var element, var filled), NixList(var items)):
                Fault(at, filled && items.IsEmpty ? "Add at least one." : null);
                for (var i = 0; i < items.Length; i++)
                {
                    Check(element, items[i], place.Below("*"), at.Add($"{i}"));
                }

                break;
            case (AttributesType(var element, var placeholder), NixSet(var members)):
                foreach (var (name, member) in members)
                {
                    Check(element, member, place.Below($"<{placeholder}>"), at.Add(name));
                }

                break;
            case (SubmoduleType submodule, NixSet set):
                Submodule(submodule, set, place, at);
                break;
            case (UnionType, NixSet { Members: var members }):
                Union(members, place, at);
                break;
            default:
                Fault(at, SimpleCheck.Fault(type, value));
                break;
        }
    }

    private void Any(ImmutableArray<OptionType> choices, NixValue value, OptionPath place, ImmutableArray<string> at)
    {
        // A sub-module takes an absolute path as the file of a module, which is code, before a later choice sees it (submoduleWith, check).
        if (value is NixText(['/', ..]) && choices.FirstOrDefault(IsModule) is { } module)
        {
            choices = choices[..(choices.IndexOf(module) + 1)];
        }

        var faults = choices.Select(choice =>
        {
            var tried = new ValueCheck(_fields, _leadsOn);
            tried.Check(choice, value, place, at);
            return tried._faults;
        }).ToList();
        if (faults.All(found => found.Count > 0))
        {
            // The choice that fits best is the one that fails furthest in.
            _faults.AddRange(faults.MaxBy(found => found.Max(fault => fault.Within.Length)) is { } deepest && deepest.Any(fault => fault.Within.Length > at.Length)
                ? deepest
                : [new ValueFault(at, string.Join(" Or: ", faults.Select(found => found[0].Sentence).Distinct(StringComparer.Ordinal)))]);
        }
    }

    private static bool IsModule(OptionType type) => type is SubmoduleType || (type is NullableType(var element) && IsModule(element));

    private void Submodule(SubmoduleType type, NixSet set, OptionPath place, ImmutableArray<string> at)
    {
        var fields = _fields(place).ToDictionary(option => option.Path.Parts[^1], StringComparer.Ordinal);
        var free = OptionLookup.Free(type).ToList();
        foreach (var (name, member) in set.Members)
        {
            var inner = at.Add(name);
            if (!type.IsData && ModuleWords.Contains(name))
            {
                Fault(inner, $"'{name}' would be read as part of a module here, not as a value. Write it as an expression of Nix.");
            }
            else if (fields.TryGetValue(name, out var field))
            {
                Check(field.Type, member, field.Path, inner);
            }
            else if (OptionPath.TryFrom(place.Parts.Add(name), out var group, out _) && _leadsOn(group))
            {
                Check(new SubmoduleType(IsData: true, type.Freeform), member, group, inner);
            }
            else if (free is [var only])
            {
                Check(only.Element, member, place.Below($"<{only.Placeholder}>"), inner);
            }
            else if (free is [var first, ..])
            {
                Any([.. free.Select(set => set.Element)], member, place.Below($"<{first.Placeholder}>"), inner);
            }
            else if (type.Freeform is null)
            {
                Fault(inner, $"There is no option '{name}' here.");
            }
        }
    }

    private void Union(ImmutableSortedDictionary<string, NixValue> members, OptionPath place, ImmutableArray<string> at)
    {
        if (members.Count != 1)
        {
            Fault(at, "Choose one of the kinds.");
        }
        else if (_fields(place).FirstOrDefault(option => option.Path.Parts[^1] == members.First().Key) is { } kind)
        {
            Check(kind.Type, members.First().Value, kind.Path, at.Add(members.First().Key));
        }
        else
        {
            Fault(at, $"There is no kind '{members.First().Key}' here.");
        }
    }

    private void Fault(ImmutableArray<string> at, string? sentence)
    {
        if (sentence is not null && _faults.Count < MostFaults)
        {
            _faults.Add(new ValueFault(at, sentence));
        }
    }
}
