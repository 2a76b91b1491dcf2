using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace OsModa.Core.Configuration;

/// <summary>
/// Where an option is: its names from the outermost in. In a schema <c>*</c> stands for any element of a list and <c>&lt;name&gt;</c> for any member
/// of a set, as in the NixOS manual.
/// </summary>
public sealed class OptionPath : IEquatable<OptionPath>
{
    public const int MostParts = 24;
    public const int LongestPart = 256;

    private OptionPath(ImmutableArray<string> parts) => (Parts, Text) = (parts, string.Join('.', parts.Select(Shown)));

    /// <summary>Part by part, so that what belongs together stands together.</summary>
    public static IComparer<OptionPath> Order { get; } = Comparer<OptionPath>.Create(Compare);

    public ImmutableArray<string> Parts { get; }

    /// <summary>As Nix writes it: names that are no identifiers are quoted.</summary>
    public string Text { get; }

    /// <summary>It stands for many: a part is a placeholder.</summary>
    public bool HasPlaceholder => Parts.Any(IsPlaceholder);

    public static bool IsPlaceholder(string part) => part == "*" || part is ['<', .., '>'];

    public static bool TryFrom(IEnumerable<string> parts, [NotNullWhen(true)] out OptionPath? path, [NotNullWhen(false)] out string? error)
    {
        var all = parts.Take(MostParts + 1).ToImmutableArray();
        error = all.Length is 0 or > MostParts ? $"The name of an option has 1 to {MostParts} parts."
            : all.Any(part => part.Length is 0 or > LongestPart) ? $"A part of an option's name has 1 to {LongestPart} characters."
            : all.Select(NixWords.Fault).FirstOrDefault(fault => fault is not null);
        path = error is null ? new OptionPath(all) : null;
        return error is null;
    }

    /// <summary>Reads what a person types or a link holds, such as <c>services.nginx.virtualHosts."example.org".root</c>.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out OptionPath? path, [NotNullWhen(false)] out string? error)
    {
        var parts = new List<string>();
        var rest = (text ?? "").AsSpan().Trim();
        while (!rest.IsEmpty && parts.Count <= MostParts)
        {
            var part = rest[0] == '"' ? Quoted(ref rest) : Bare(ref rest);
            if (part is null || (!rest.IsEmpty && (rest[0] != '.' || rest.Length == 1)))
            {
                (path, error) = (null, "The name of an option is names with dots between, such as services.nginx.enable.");
                return false;
            }

            parts.Add(part);
            rest = rest.IsEmpty ? rest : rest[1..];
        }

        return TryFrom(parts, out path, out error);
    }

    public static OptionPath Of(params IEnumerable<string> parts) => TryFrom(parts, out var path, out var error) ? path : throw new FormatException(error);

    public OptionPath Below(string part) => Of(Parts.Add(part));

    /// <summary>The same place or one further in.</summary>
    public bool IsWithin(OptionPath outer) => Parts.Length >= outer.Parts.Length && Parts.AsSpan(0, outer.Parts.Length).SequenceEqual(outer.Parts.AsSpan());

    public bool Equals(OptionPath? other) => other is not null && Parts.AsSpan().SequenceEqual(other.Parts.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as OptionPath);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;

    private static int Compare(OptionPath one, OptionPath other)
    {
        for (var i = 0; i < Math.Min(one.Parts.Length, other.Parts.Length); i++)
        {
            if (string.CompareOrdinal(one.Parts[i], other.Parts[i]) is not 0 and var order)
            {
                return order;
            }
        }

        return one.Parts.Length.CompareTo(other.Parts.Length);
    }

    private static string Shown(string part) => IsPlaceholder(part) ? part : NixWords.Name(part);

    private static string? Quoted(ref ReadOnlySpan<char> rest)
    {
        var part = new StringBuilder();
        for (var i = 1; i < rest.Length; i++)
        {
            if (rest[i] == '"')
            {
                rest = rest[(i + 1)..];
                return part.ToString();
            }

            part.Append(rest[i] == '\\' && i + 1 < rest.Length ? rest[++i] : rest[i]);
        }

        return null;
    }

    private static string? Bare(ref ReadOnlySpan<char> rest)
    {
        var end = rest[0] == '<' ? rest.IndexOf('>') + 1 : rest.IndexOf('.');
        end = end < 0 ? rest.Length : end;
        var part = rest[..end].ToString();
        rest = rest[end..];
        return part.Length == 0 || part.AsSpan().IndexOfAny("\"\\ \t\n") >= 0 ? null : part;
    }
}
