using OsModa.Core.Servers;

namespace OsModa.Core.Configuration;

/// <summary>
/// Brings what one commit changed onto another one: the form's documents place by place, other files as a whole. Used for proposals, and, with the two
/// commits in the other order, for taking a change back.
/// </summary>
internal static class ChangeSet
{
    /// <param name="repository">Where.</param>
    /// <param name="from">Before the change.</param>
    /// <param name="to">After it.</param>
    /// <param name="onto">What it is brought onto.</param>
    /// <returns>Files to commit on it, executable where <paramref name="to"/> has them so, none when it has everything already; or what contradicts, by the places.</returns>
    public static async Task<Result<Dictionary<string, byte[]?>>> OntoAsync(ConfigurationRepository repository, CommitId from, CommitId to, CommitId onto)
    {
        var changes = await repository.DifferenceAsync(from, to);
        var (now, kept) = await repository.ReadWholeAsync(onto, "");
        var files = new Dictionary<string, byte[]?>(StringComparer.Ordinal);
        var errors = new FieldErrors();
        foreach (var name in changes.Keys.Select(ServerOf).OfType<ServerName>().Distinct())
        {
            var settings = new ServerSettings(repository, name);
            var merge = SettingsMerge.Of(await settings.ReadAsync(from), await settings.ReadAsync(onto), await settings.ReadAsync(to));
            foreach (var contradiction in merge.Contradictions)
            {
                errors.Add(contradiction.Path.Text, $"Somebody else changed {contradiction.Path} of {name} meanwhile. Decide between the two in the form.");
            }

            foreach (var (path, contents) in await settings.FilesAsync(onto, merge.Document))
            {
                files[path] = contents;
            }
        }

        var (old, made) = (await repository.ExecutablesAsync(from), await repository.ExecutablesAsync(to));
        foreach (var (path, (before, after)) in changes.Where(change => !IsOfForm(change.Key)))
        {
            var there = now.GetValueOrDefault(path);
            var done = Same(path, there, kept, after, made);
            if (!done && !Same(path, there, kept, before, old))
            {
                errors.Add(path, $"Somebody else changed {path} meanwhile.");
            }
            else if (!done)
            {
                files[path] = after;
            }
        }

        return errors.None ? files : errors;
    }

    /// <summary>The server in whose folder a file lies; null for others.</summary>
    public static ServerName? ServerOf(string path) => path.Split('/') is ["servers", var folder, _, ..] && ServerName.TryParse(folder, out var name, out _) ? name : null;

    /// <summary>The form makes this file itself.</summary>
    public static bool IsOfForm(string path) => path.Split('/') is ["servers", _, SettingsFiles.Name or SettingsFiles.Module] or ["servers", _, SettingsFiles.ExpressionFolder, _];

    /// <summary>Two contents of a file, null where there is none.</summary>
    public static bool Same(byte[]? one, byte[]? other) => one is null || other is null ? one == other : one.AsSpan().SequenceEqual(other);

    /// <summary>The same of a file in two commits, of which each tells what is executable.</summary>
    public static bool Same(string path, byte[]? one, IReadOnlySet<string> executables, byte[]? other, IReadOnlySet<string> otherExecutables) =>
        Same(one, other) && (one is null || executables.Contains(path) == otherExecutables.Contains(path));
}
