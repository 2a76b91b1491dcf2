using System.Collections.Immutable;

namespace OsModa.Core.Configuration;

/// <summary>
/// Reads Nix that is plain data (<see cref="NixData"/>): a value, or the settings of a module with mkForce and its like, with or without
/// <c>{ config, lib, pkgs, ... }:</c> before it. Anything that would have to be evaluated ends the reading with a sentence that says where.
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
    private readonly NixData _data;
    private readonly List<Setting> _settings = [];

    private NixReader(string text)
    {
        _tokens = new NixTokens(text);
        _data = new NixData(_tokens);
    }

    /// <summary>A value by itself.</summary>
    /// <exception cref="FormatException">It is not plain data.</exception>
    public static NixValue Value(string text)
    {
        var reader = new NixReader(Bounded(text));
        var value = reader._data.Value();
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
            var parts = outer.AddRange(_data.Names());
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
            return new Setting(path, _data.Element(), priority);
        }

        if (_tokens.Current is { Kind: NixTokenKind.Word, Text: "mkOverride" or "lib.mkOverride" })
        {
            _tokens.Take();
            var number = _data.Element() is NixInteger(>= 0 and <= int.MaxValue and var given) ? (int)given : throw _tokens.Wrong("is no priority");
            return new Setting(path, _data.Element(), number);
        }

        return new Setting(path, _data.Value());
    }
}
