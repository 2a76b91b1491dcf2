using System.Collections.Immutable;

namespace OsModa.Core.Configuration;

/// <summary>An option of a server's system, as its schema tells of it. Texts are the server's, cut to their limits and harmless.</summary>
public sealed record Option
{
    public required OptionPath Path { get; init; }

    public required OptionType Type { get; init; }

    /// <summary>The type in the words of NixOS, such as "list of string"; empty where it says nothing.</summary>
    public string TypeWords { get; init; } = "";

    /// <summary>What it is for, in Markdown; null where nobody wrote it.</summary>
    public string? About { get; init; }

    public OptionSample? Default { get; init; }

    public OptionSample? Example { get; init; }

    /// <summary>Files that declare it.</summary>
    public ImmutableArray<SourcePlace> Declared { get; init; } = [];

    /// <summary>Nobody but its own module may set it.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Not meant for people: left out of the search unless it is asked for by its whole name.</summary>
    public bool Hidden { get; init; }
}

/// <summary>A default or an example: a value, or Nix to be read by people.</summary>
/// <param name="Value">Null where only the text is known.</param>
/// <param name="Text">Null where the value is known.</param>
public sealed record OptionSample(NixValue? Value, string? Text);

/// <param name="File">A path on the server, or an address.</param>
/// <param name="Line">From 1; null where it is not known.</param>
public sealed record SourcePlace(string File, int? Line);
