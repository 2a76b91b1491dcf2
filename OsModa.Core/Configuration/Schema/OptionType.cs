using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace OsModa.Core.Configuration;

/// <summary>What an option takes, as structure. Names of types: nixpkgs, lib/types.nix.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(BoolType), "bool")]
[JsonDerivedType(typeof(IntegerType), "integer")]
[JsonDerivedType(typeof(FloatType), "float")]
[JsonDerivedType(typeof(NumberType), "number")]
[JsonDerivedType(typeof(TextType), "text")]
[JsonDerivedType(typeof(PathType), "path")]
[JsonDerivedType(typeof(EnumType), "enum")]
[JsonDerivedType(typeof(PackageType), "package")]
[JsonDerivedType(typeof(ListType), "list")]
[JsonDerivedType(typeof(AttributesType), "attributes")]
[JsonDerivedType(typeof(NullableType), "nullable")]
[JsonDerivedType(typeof(EitherType), "either")]
[JsonDerivedType(typeof(CoercedType), "coerced")]
[JsonDerivedType(typeof(SubmoduleType), "submodule")]
[JsonDerivedType(typeof(UnionType), "union")]
[JsonDerivedType(typeof(AnyType), "any")]
[JsonDerivedType(typeof(CodeType), "code")]
[JsonDerivedType(typeof(OtherType), "other")]
public abstract record OptionType
{
    /// <summary>Values of several files come together in one, instead of contradicting each other.</summary>
    [JsonIgnore]
    public virtual bool Merges => false;
}

public sealed record BoolType(bool ByOr = false) : OptionType
{
    [JsonIgnore]
    public override bool Merges => ByOr;
}

/// <summary>Whole numbers; a missing bound is that of 64 bits.</summary>
public sealed record IntegerType(long? Least = null, long? Most = null) : OptionType;

/// <summary>Numbers with a point.</summary>
public sealed record FloatType : OptionType;

/// <summary>Numbers of either kind, within bounds.</summary>
/// <param name="AboveZero">Zero is not among them; <paramref name="Least"/> is 0.</param>
public sealed record NumberType(double? Least = null, double? Most = null, bool AboveZero = false) : OptionType;

/// <param name="Pattern">POSIX extended expression that the whole text matches.</param>
/// <param name="Separator">Several texts are joined by it: a line feed, a comma, a colon.</param>
/// <param name="NotEmpty">More than white space.</param>
/// <param name="OneLine">A single line; a line feed at its end is dropped.</param>
/// <param name="NoColons">Neither colons nor line feeds: an entry of /etc/passwd.</param>
public sealed record TextType(string? Pattern = null, string? Separator = null, bool NotEmpty = false, bool OneLine = false, bool NoColons = false) : OptionType
{
    [JsonIgnore]
    public override bool Merges => Separator is not null;
}

/// <summary>An absolute path.</summary>
public sealed record PathType(bool InStore = false) : OptionType;

public sealed record EnumType(ImmutableArray<NixValue> Values) : OptionType
{
    public bool Equals(EnumType? other) => other is not null && Values.SequenceEqual(other.Values);

    public override int GetHashCode() => Values.Length;
}

public sealed record PackageType : OptionType;

public sealed record ListType(OptionType Element, bool NotEmpty = false) : OptionType
{
    [JsonIgnore]
    public override bool Merges => true;
}

/// <param name="Element">Of each member.</param>
/// <param name="Placeholder">What a member's name stands for, such as name or interface.</param>
public sealed record AttributesType(OptionType Element, string Placeholder = "name") : OptionType
{
    [JsonIgnore]
    public override bool Merges => true;
}

public sealed record NullableType(OptionType Element) : OptionType
{
    [JsonIgnore]
    public override bool Merges => Element.Merges;
}

/// <summary>One of several; the first that fits counts.</summary>
public sealed record EitherType(ImmutableArray<OptionType> Choices) : OptionType
{
    [JsonIgnore]
    public override bool Merges => Choices.All(choice => choice.Merges);

    public bool Equals(EitherType? other) => other is not null && Choices.SequenceEqual(other.Choices);

    public override int GetHashCode() => Choices.Length;
}

/// <param name="From">What is converted; null where a release does not tell.</param>
/// <param name="To">What becomes of it, and may be given as well.</param>
public sealed record CoercedType(OptionType? From, OptionType To) : OptionType
{
    [JsonIgnore]
    public override bool Merges => To.Merges;
}

/// <summary>Options within an option; they are entries of their own in the schema, further in.</summary>
/// <param name="IsData">A set of values is taken as data. Otherwise it is taken as a module, in which some names have a meaning.</param>
/// <param name="Freeform">Type of members that are not declared; null where there may be none.</param>
public sealed record SubmoduleType(bool IsData, OptionType? Freeform) : OptionType
{
    [JsonIgnore]
    public override bool Merges => true;
}

/// <summary>A set of exactly one member out of those declared further in.</summary>
public sealed record UnionType : OptionType;

/// <summary>Any value that is data.</summary>
/// <param name="OnlySets">Attribute sets.</param>
public sealed record AnyType(bool OnlySets = false) : OptionType
{
    [JsonIgnore]
    public override bool Merges => OnlySets;
}

/// <summary>What no form can hold as data: functions, modules, types of types. An expression is the only way.</summary>
/// <param name="What">The type's name.</param>
public sealed record CodeType(string What) : OptionType;

/// <summary>A type of somebody's own; what it takes only an evaluation tells.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Says">Its description in English.</param>
public sealed record OtherType(string Name, string Says) : OptionType;
