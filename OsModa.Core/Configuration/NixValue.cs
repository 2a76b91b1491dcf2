using System.Collections.Immutable;

namespace OsModa.Core.Configuration;

/// <summary>A value as the form holds it: the data of Nix, packages by name, and expressions that a person typed. Equal when what they say is equal.</summary>
public abstract record NixValue
{
    /// <summary>How deep values may be nested, everywhere.</summary>
    public const int DeepestNesting = 32;

    /// <summary>There is nothing in it, however deep, that could not be written down.</summary>
    public bool CanBeWritten() => this switch
    {
        NixOther => false,
        NixList(var items) => items.All(static item => item.CanBeWritten()),
        NixSet(var members) => members.Values.All(static member => member.CanBeWritten()),
        _ => true,
    };
}

public sealed record NixNull : NixValue
{
    public static readonly NixNull Value = new();
}

public sealed record NixBool(bool Value) : NixValue;

/// <param name="Value">64 bits with a sign: what integers of Nix have.</param>
public sealed record NixInteger(long Value) : NixValue;

/// <param name="Value">Finite.</param>
public sealed record NixFloat(double Value) : NixValue;

public sealed record NixText(string Value) : NixValue;

public sealed record NixList(ImmutableArray<NixValue> Items) : NixValue
{
    public bool Equals(NixList? other) => other is not null && Items.SequenceEqual(other.Items);

    public override int GetHashCode() => Items.Aggregate(Items.Length, HashCode.Combine);
}

public sealed record NixSet(ImmutableSortedDictionary<string, NixValue> Members) : NixValue
{
    public static readonly NixSet Empty = new(ImmutableSortedDictionary.Create<string, NixValue>(StringComparer.Ordinal));

    public static NixSet Of(IEnumerable<KeyValuePair<string, NixValue>> members) => new(members.ToImmutableSortedDictionary(StringComparer.Ordinal));

    public bool Equals(NixSet? other) => other is not null && Members.SequenceEqual(other.Members);

    public override int GetHashCode() => Members.Aggregate(Members.Count, static (hash, member) => HashCode.Combine(hash, member.Key, member.Value));
}

/// <summary>A package of the server's own nixpkgs.</summary>
/// <param name="Path">Names below <c>pkgs</c>, such as python3Packages, requests.</param>
public sealed record NixPackage(ImmutableArray<string> Path) : NixValue
{
    public bool Equals(NixPackage? other) => other is not null && Path.SequenceEqual(other.Path);

    public override int GetHashCode() => Path.Aggregate(Path.Length, HashCode.Combine);
}

/// <summary>Nix that a person typed, the only value that is code. It may use <c>config</c>, <c>lib</c>, <c>options</c> and <c>pkgs</c>.</summary>
public sealed record NixExpression(string Text) : NixValue;

/// <summary>Something that a server has and that is no data: a function, a package by its name, what could not be evaluated.</summary>
/// <param name="What">function, package, error, long, deep, or the module system's word.</param>
/// <param name="Name">Of a package.</param>
public sealed record NixOther(string What, string? Name = null) : NixValue;
