using System.Collections.Immutable;
using System.Globalization;

namespace OsModa.Core.Configuration;

/// <summary>
/// Reads Nix that is plain data: sets, lists, texts, numbers, packages, mkForce and its like, with or without <c>{ config, lib, pkgs, ... }:</c>
/// before it. Anything that would have to be evaluated ends the reading with a sentence that says where.
/// </summary>
public sealed class NixReader
{
    private const int LongestText = 1024 * 1024;
    private static readonly ImmutableDictionary<string, int> Priorities = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["mkForce"] = Setting.Force,
        ["lib.mkForce"] = Setting.Force,
        ["mkDefault"] = Setting.Default,
        ["lib.mkDefault"] = Setting.Default,
    }.ToImmutableDictionary(StringComparer.Ordinal);

    private readonly NixTokens _tokens;
    private readonly List<Setting> _settings = [];

    private NixReader(string text) => _tokens = new NixTokens(text);

    /// <summary>A value by itself.</summary>
    /// <exception cref="FormatException">It is not plain data.</exception>
    public static NixValue Value(string text)
    {
        var reader = new NixReader(Bounded(text));
        var value = reader.ReadValue(0, pkgs: false);
        reader._tokens.Expect(NixTokenKind.End, "the end");
        return value;
    }

    /// <summary>A set of definitions as settings: each leaf that is not a set of data of a schema's own becomes one.</summary>
    /// <param name="text">A set, or a module that is one.</param>
    /// <param name="isOption">Tells where a value begins: at an option of the schema.</param>
    /// <exception cref="FormatException">It is not plain data, or defines something that is no option.</exception>
    public static ImmutableArray<Setting> Settings(string text, Func<OptionPath, bool> isOption)
    {
        var reader = new NixReader(Bounded(text));
        reader.SkipHeader();
        // The form's own rendering stands without brackets around it.
        var bracketed = reader._tokens.TryTake("{");
        reader.Definitions([], isOption, 0, bracketed ? "}" : null);
        reader._tokens.Expect(NixTokenKind.End, "the end");
        return reader._settings.GroupBy(setting => setting.Path).FirstOrDefault(same => same.Skip(1).Any()) is { } twice
            ? throw new FormatException($"{twice.Key} is set twice.")
            : [.. reader._settings];
    }

    private static string Bounded(string text) => text.Length <= LongestText ? text : throw new FormatException("Nix to be read has a million characters at most.");

    private void SkipHeader()
    {
        if (_tokens.Current.Text != "{" || !_tokens.LooksLikeArguments())
        {
            return;
        }

        while (!_tokens.TryTake("}"))
        {
            _tokens.Take();
        }

        _tokens.Expect(":");
    }

    private void Definitions(ImmutableArray<string> outer, Func<OptionPath, bool> isOption, int depth, string? end)
    {
        if (depth > OptionPath.MostParts)
        {
            throw _tokens.Wrong("is nested too deeply");
        }

        while (end is null ? _tokens.Current.Kind != NixTokenKind.End : !_tokens.TryTake(end))
        {
            var parts = outer.AddRange(Names());
            _tokens.Expect("=");
            if (!OptionPath.TryFrom(parts, out var path, out var error))
            {
                throw _tokens.Wrong($"cannot be set: {error}");
            }

            if (isOption(path))
            {
                _settings.Add(ReadSetting(path));
            }
            else if (_tokens.TryTake("{"))
            {
                Definitions(parts, isOption, depth + 1, "}");
            }
            else
            {
                throw new FormatException($"Line {_tokens.Current.Line}: there is no option {path}.");
            }

            _tokens.Expect(";");
        }
    }

    private Setting ReadSetting(OptionPath path)
    {
        if (_tokens.Current.Kind == NixTokenKind.Word && Priorities.TryGetValue(_tokens.Current.Text, out var priority))
        {
            _tokens.Take();
            return new Setting(path, ReadElement(0, pkgs: false), priority);
        }

        if (_tokens.Current is { Kind: NixTokenKind.Word, Text: "mkOverride" or "lib.mkOverride" })
        {
            _tokens.Take();
            var number = ReadElement(0, pkgs: false) is NixInteger(>= 0 and <= int.MaxValue and var given) ? (int)given : throw _tokens.Wrong("is no priority");
            return new Setting(path, ReadElement(0, pkgs: false), number);
        }

        return new Setting(path, ReadValue(0, pkgs: false));
    }

    private NixValue ReadValue(int depth, bool pkgs)
    {
        // In a loop: as many of them as somebody pastes need no more of the stack.
        while (_tokens.Current is { Kind: NixTokenKind.Word, Text: "with" })
        {
            _tokens.Take();
            _tokens.Expect("pkgs");
            _tokens.Expect(";");
            pkgs = true;
        }

        return _tokens.TryTake("-") ? Negative(Number()) : ReadElement(depth, pkgs);
    }

    private NixValue ReadElement(int depth, bool pkgs)
    {
        if (depth >= NixValue.DeepestNesting)
        {
            throw _tokens.Wrong("is nested too deeply");
        }

        var token = _tokens.Current;
        if (token.Kind == NixTokenKind.Text)
        {
            return new NixText(_tokens.Take().Text);
        }

        if (token.Kind == NixTokenKind.Number)
        {
            return Number();
        }

        if (token.Kind == NixTokenKind.Word)
        {
            return Word(pkgs);
        }

        if (_tokens.TryTake("["))
        {
            var items = ImmutableArray.CreateBuilder<NixValue>();
            while (!_tokens.TryTake("]"))
            {
                items.Add(ReadElement(depth + 1, pkgs));
            }

            return new NixList(items.ToImmutable());
        }

        if (_tokens.TryTake("{"))
        {
            return Set(depth, pkgs);
        }

        if (_tokens.TryTake("("))
        {
            return Bracketed(depth, pkgs);
        }

        throw _tokens.Wrong("is no plain value");
    }

    private NixValue Bracketed(int depth, bool pkgs)
    {
        var value = ReadValue(depth + 1, pkgs);
        // The smallest whole number cannot be written otherwise.
        if (value is NixInteger(-long.MaxValue) && _tokens.TryTake("-"))
        {
            value = Number() is NixInteger(1) ? new NixInteger(long.MinValue) : throw _tokens.Wrong("would have to be worked out");
        }

        _tokens.Expect(")");
        return value;
    }

    private NixSet Set(int depth, bool pkgs)
    {
        var members = new Dictionary<string, object>(StringComparer.Ordinal);
        while (!_tokens.TryTake("}"))
        {
            var names = Names();
            if (depth + names.Count > NixValue.DeepestNesting)
            {
                throw _tokens.Wrong("is nested too deeply");
            }

            _tokens.Expect("=");
            Put(members, names, ReadValue(depth + names.Count, pkgs));
            _tokens.Expect(";");
        }

        return Whole(members);
    }

    // a.b = 1; a.c = 2; are one set a, as in Nix.
    private void Put(Dictionary<string, object> members, List<string> names, NixValue value)
    {
        for (var i = 0; i < names.Count - 1; i++)
        {
            if (!members.TryGetValue(names[i], out var inner))
            {
                members[names[i]] = inner = new Dictionary<string, object>(StringComparer.Ordinal);
            }

            members = inner as Dictionary<string, object> ?? throw _tokens.Wrong($"follows '{names[i]}', which is defined already");
        }

        if (!members.TryAdd(names[^1], value))
        {
            throw _tokens.Wrong($"follows '{names[^1]}', which is defined already");
        }
    }

    private static NixSet Whole(Dictionary<string, object> members) =>
        NixSet.Of(members.Select(member => KeyValuePair.Create(member.Key, member.Value as NixValue ?? Whole((Dictionary<string, object>)member.Value))));

    private List<string> Names()
    {
        var names = new List<string>();
        do
        {
            var token = _tokens.Take();
            if (token.Kind == NixTokenKind.Word)
            {
                names.AddRange(token.Text.Split('.'));
            }
            else if (token.Kind == NixTokenKind.Text)
            {
                names.Add(token.Text);
            }
            else
            {
                throw _tokens.Wrong("is no name", token);
            }
        }
        while (_tokens.TryTake("."));
        return names;
    }

    private NixValue Word(bool pkgs)
    {
        var token = _tokens.Take();
        switch (token.Text)
        {
            case "true" or "false":
                return new NixBool(token.Text == "true");
            case "null":
                return NixNull.Value;
        }

        var parts = token.Text.Split('.').ToImmutableArray();
        var named = parts[0] == "pkgs" && (parts.Length > 1 || _tokens.Current.Text == ".");
        if (!named && (!pkgs || parts.Any(part => !NixWords.IsIdentifier(part))))
        {
            throw _tokens.Wrong("would have to be evaluated", token);
        }

        parts = named ? parts[1..] : parts;
        while (_tokens.TryTake("."))
        {
            parts = parts.AddRange(Names());
        }

        return new NixPackage(parts);
    }

    private NixValue Number()
    {
        var token = _tokens.Take();
        return token.Kind != NixTokenKind.Number ? throw _tokens.Wrong("is no number", token)
            : token.Text.AsSpan().IndexOfAny('.', 'e', 'E') >= 0
                ? double.TryParse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real) ? new NixFloat(real) : throw _tokens.Wrong("is too large a number", token)
            : long.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) ? new NixInteger(whole)
            : throw _tokens.Wrong("is too large a number", token);
    }

    private static NixValue Negative(NixValue number) => number is NixInteger(var whole) ? new NixInteger(-whole) : new NixFloat(-((NixFloat)number).Value);
}
