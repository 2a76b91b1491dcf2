using System.Collections.Immutable;
using System.Globalization;

namespace OsModa.Core.Configuration;

/// <summary>Plain data in Nix: sets, lists, texts, numbers and packages, of which nothing has to be evaluated. Throws <see cref="FormatException"/> with where it is something else.</summary>
internal sealed class NixData(NixTokens tokens)
{
    /// <summary>A value as it stands after <c>=</c> or by itself.</summary>
    public NixValue Value() => ReadValue(0, pkgs: false);

    /// <summary>A value as it stands in a list or after a function: what is more than one word has brackets around it.</summary>
    public NixValue Element() => ReadElement(0, pkgs: false);

    /// <summary>A name, or several with dots between them, as it stands before <c>=</c>.</summary>
    public List<string> Names()
    {
        var names = new List<string>();
        do
        {
            var token = tokens.Take();
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
                throw tokens.Wrong("is no name", token);
            }
        }
        while (tokens.TryTake("."));
        return names;
    }

    private NixValue ReadValue(int depth, bool pkgs)
    {
        // In a loop: as many of them as somebody pastes need no more of the stack.
        while (tokens.Current is { Kind: NixTokenKind.Word, Text: "with" })
        {
            tokens.Take();
            tokens.Expect("pkgs");
            tokens.Expect(";");
            pkgs = true;
        }

        return tokens.TryTake("-") ? Negative(Number()) : ReadElement(depth, pkgs);
    }

    private NixValue ReadElement(int depth, bool pkgs)
    {
        if (depth >= NixValue.DeepestNesting)
        {
            throw tokens.Wrong("is nested too deeply");
        }

        var token = tokens.Current;
        if (token.Kind == NixTokenKind.Text)
        {
            return new NixText(tokens.Take().Text);
        }

        if (token.Kind == NixTokenKind.Number)
        {
            return Number();
        }

        if (token.Kind == NixTokenKind.Word)
        {
            return Word(pkgs);
        }

        if (tokens.TryTake("["))
        {
            var items = ImmutableArray.CreateBuilder<NixValue>();
            while (!tokens.TryTake("]"))
            {
                items.Add(ReadElement(depth + 1, pkgs));
            }

            return new NixList(items.ToImmutable());
        }

        if (tokens.TryTake("{"))
        {
            return Set(depth, pkgs);
        }

        if (tokens.TryTake("("))
        {
            return Bracketed(depth, pkgs);
        }

        throw tokens.Wrong("is no plain value");
    }

    private NixValue Bracketed(int depth, bool pkgs)
    {
        var value = ReadValue(depth + 1, pkgs);
        // The smallest whole number cannot be written otherwise.
        if (value is NixInteger(-long.MaxValue) && tokens.TryTake("-"))
        {
            value = Number() is NixInteger(1) ? new NixInteger(long.MinValue) : throw tokens.Wrong("would have to be worked out");
        }

        tokens.Expect(")");
        return value;
    }

    private NixSet Set(int depth, bool pkgs)
    {
        var members = new Dictionary<string, object>(StringComparer.Ordinal);
        while (!tokens.TryTake("}"))
        {
            var names = Names();
            if (depth + names.Count > NixValue.DeepestNesting)
            {
                throw tokens.Wrong("is nested too deeply");
            }

            tokens.Expect("=");
            Put(members, names, ReadValue(depth + names.Count, pkgs));
            tokens.Expect(";");
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

            members = inner as Dictionary<string, object> ?? throw tokens.Wrong($"follows '{names[i]}', which is defined already");
        }

        if (!members.TryAdd(names[^1], value))
        {
            throw tokens.Wrong($"follows '{names[^1]}', which is defined already");
        }
    }

    private static NixSet Whole(Dictionary<string, object> members) =>
        NixSet.Of(members.Select(member => KeyValuePair.Create(member.Key, member.Value as NixValue ?? Whole((Dictionary<string, object>)member.Value))));

    private NixValue Word(bool pkgs)
    {
        var token = tokens.Take();
        switch (token.Text)
        {
            case "true" or "false":
                return new NixBool(token.Text == "true");
            case "null":
                return NixNull.Value;
        }

        var parts = token.Text.Split('.').ToImmutableArray();
        var named = parts[0] == "pkgs" && (parts.Length > 1 || tokens.Current.Text == ".");
        if (!named && (!pkgs || parts.Any(part => !NixWords.IsIdentifier(part))))
        {
            throw tokens.Wrong("would have to be evaluated", token);
        }

        parts = named ? parts[1..] : parts;
        while (tokens.TryTake("."))
        {
            parts = parts.AddRange(Names());
        }

        return new NixPackage(parts);
    }

    private NixValue Number()
    {
        var token = tokens.Take();
        return token.Kind != NixTokenKind.Number ? throw tokens.Wrong("is no number", token)
            : token.Text.AsSpan().IndexOfAny('.', 'e', 'E') >= 0
                ? double.TryParse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real) ? new NixFloat(real) : throw tokens.Wrong("is too large a number", token)
            : long.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) ? new NixInteger(whole)
            : throw tokens.Wrong("is too large a number", token);
    }

    private static NixValue Negative(NixValue number) => number is NixInteger(var whole) ? new NixInteger(-whole) : new NixFloat(-((NixFloat)number).Value);
}
