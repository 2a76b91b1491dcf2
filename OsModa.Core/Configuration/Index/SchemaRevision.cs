using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace OsModa.Core.Configuration;

/// <summary>Names a schema: the revision of nixpkgs, and what else went into it, such as a hash of an organisation's own modules. Part of a file name.</summary>
public readonly partial record struct SchemaRevision
{
    private SchemaRevision(string text) => Text = text;

    public string Text { get; }

    public static bool TryParse(string? text, out SchemaRevision revision, [NotNullWhen(false)] out string? error)
    {
        error = text is not null && Shape().IsMatch(text) ? null : "A revision has letters, digits, dots, dashes and underscores, 100 at most, and begins with a letter or digit.";
        revision = error is null ? new SchemaRevision(text!) : default;
        return error is null;
    }

    public override string ToString() => Text;

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._\-]{0,99}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Shape();
}
