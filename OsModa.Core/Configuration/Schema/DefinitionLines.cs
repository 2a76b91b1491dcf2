using System.Collections.Immutable;

namespace OsModa.Core.Configuration;

/// <summary>
/// In which line of a file of Nix an option is defined. The module system knows the file only; the line is read from its text, without evaluating it, and
/// is not told where the text does not show it.
/// </summary>
public static class DefinitionLines
{
    private const int LongestText = 1024 * 1024;

    /// <summary>Values with the lines of their files, as far as the text of a file is known.</summary>
    /// <param name="here">As an evaluation told them.</param>
    /// <param name="textOf">Text of a file by its name on the server; null where it is not known.</param>
    public static ImmutableSortedDictionary<OptionPath, ValueHere> In(ImmutableSortedDictionary<OptionPath, ValueHere> here, Func<string, string?> textOf)
    {
        var known = new Dictionary<string, IReadOnlyList<Binding>>(StringComparer.Ordinal);
        IReadOnlyList<Binding> Of(string file) => known.TryGetValue(file, out var read) ? read : known[file] = textOf(file) is { Length: <= LongestText } text ? NixBindings.Read(text) : [];
        SourcePlace Lined(SourcePlace place, OptionPath path) => place.Line is null ? place with { Line = Line(Of(place.File), path) } : place;
        return here.Values
            .Where(value => value.Files.Concat(value.Lost.Select(lost => lost.Place)).Any(file => file.Line is null && Of(file.File).Count > 0))
            .Select(value => value with { Files = [.. value.Files.Select(file => Lined(file, value.Path))], Lost = [.. value.Lost.Select(lost => lost with { Place = Lined(lost.Place, value.Path) })] })
            .Aggregate(here, (all, value) => all.SetItem(value.Path, value));
    }

    /// <summary>The line, from 1; null where the text does not show one.</summary>
    public static int? Find(string text, OptionPath path) => Line(NixBindings.Read(text), path);

    // The option itself, else the first thing within it, else the innermost thing around it.
    private static int? Line(IReadOnlyList<Binding> bindings, OptionPath path) =>
        bindings.FirstOrDefault(binding => binding.Path.AsSpan().SequenceEqual(path.Parts.AsSpan()))?.Line
        ?? bindings.FirstOrDefault(binding => StartsWith(binding.Path, path.Parts))?.Line
        ?? bindings.Where(binding => StartsWith(path.Parts, binding.Path)).MaxBy(binding => binding.Path.Length)?.Line;

    private static bool StartsWith(ImmutableArray<string> path, ImmutableArray<string> with) => path.Length >= with.Length && path.AsSpan(0, with.Length).SequenceEqual(with.AsSpan());
}

/// <param name="Path">Names from the outermost set in; <c>config</c> before them is left out.</param>
/// <param name="Line">Where its name begins, from 1.</param>
internal sealed record Binding(ImmutableArray<string> Path, int Line);
