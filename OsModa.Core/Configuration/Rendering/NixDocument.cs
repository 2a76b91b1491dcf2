using System.Collections.Immutable;

namespace OsModa.Core.Configuration;

/// <param name="Text">With its indentation.</param>
/// <param name="Path">The setting that it belongs to; null for the brackets around several.</param>
/// <param name="IsChanged">The setting is new or another than before.</param>
public sealed record NixLine(string Text, OptionPath? Path, bool IsChanged);

/// <summary>A document as Nix beside the form. What begins alike stands together, as a person would write it.</summary>
public static class NixDocument
{
    /// <param name="document">What is shown.</param>
    /// <param name="before">What it is compared with; null marks nothing.</param>
    public static ImmutableArray<NixLine> Render(SettingsDocument document, SettingsDocument? before = null)
    {
        var lines = ImmutableArray.CreateBuilder<NixLine>();
        Group([.. document.Settings.Values], 0, "", before, lines);
        return lines.ToImmutable();
    }

    private static void Group(Setting[] settings, int depth, string indent, SettingsDocument? before, ImmutableArray<NixLine>.Builder lines)
    {
        foreach (var same in settings.GroupBy(setting => setting.Path.Parts[depth], StringComparer.Ordinal))
        {
            var group = same.ToArray();
            var shared = Shared(group, depth);
            // Places one of which is within the other cannot share a pair of brackets.
            if (group.Length == 1 || group.Any(setting => setting.Path.Parts.Length == shared))
            {
                foreach (var setting in group)
                {
                    Single(setting, depth, indent, before, lines);
                }

                continue;
            }

            lines.Add(new NixLine($"{indent}{Name(group[0].Path, depth, shared)} = {{", null, false));
            Group(group, shared, indent + "  ", before, lines);
            lines.Add(new NixLine($"{indent}}};", null, false));
        }
    }

    private static void Single(Setting setting, int depth, string indent, SettingsDocument? before, ImmutableArray<NixLine>.Builder lines)
    {
        var changed = before is not null && before[setting.Path] != setting;
        var (opening, closing) = Priority(setting);
        foreach (var line in NixWriter.Bound(Name(setting.Path, depth, setting.Path.Parts.Length), setting.Value, opening, closing))
        {
            lines.Add(new NixLine(line.Length == 0 ? "" : indent + line, setting.Path, changed));
        }
    }

    private static (string Opening, string Closing) Priority(Setting setting)
    {
        var word = setting.Priority switch
        {
            Setting.Plain => null,
            Setting.Force => "lib.mkForce",
            Setting.Default => "lib.mkDefault",
            var other => $"lib.mkOverride {other}",
        };
        var bare = setting.Value is NixList or NixSet or NixText or NixExpression or NixInteger(long.MinValue) || NixWriter.Inline(setting.Value) is not ['-', ..];
        return word is null ? ("", "") : bare ? ($"{word} ", "") : ($"{word} (", ")");
    }

    private static int Shared(Setting[] group, int depth)
    {
        var shared = depth + 1;
        while (group.All(setting => setting.Path.Parts.Length > shared && setting.Path.Parts[shared] == group[0].Path.Parts[shared]))
        {
            shared++;
        }

        return shared;
    }

    private static string Name(OptionPath path, int from, int to) => string.Join('.', path.Parts[from..to].Select(NixWords.Name));
}
