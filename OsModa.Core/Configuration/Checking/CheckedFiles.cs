using System.Collections.Immutable;
using OsModa.Core.Servers;

namespace OsModa.Core.Configuration;

/// <summary>What is checked: all files of a commit, with the draft in its place.</summary>
/// <param name="Commit">The commit.</param>
/// <param name="Files">By their paths from the root.</param>
/// <param name="Executables">Which of them are executable.</param>
/// <param name="Fields">Settings that are looked at one by one: those that the draft changes, else all.</param>
internal sealed record CheckedFiles(CommitId Commit, IReadOnlyDictionary<string, byte[]> Files, IReadOnlySet<string> Executables, ImmutableArray<OptionPath> Fields)
{
    /// <exception cref="RepositoryException">Git failed.</exception>
    /// <exception cref="FormatException">Somebody made something else of the document by hand.</exception>
    public static async Task<Result<CheckedFiles>> ReadAsync(ConfigurationRepository repository, Server server, CheckRequest request)
    {
        if (!ServerName.TryParse(server.Name, out var name, out var error))
        {
            return FieldErrors.Of("", error);
        }

        if ((request.Commit ?? await repository.HeadAsync()) is not { } commit)
        {
            return FieldErrors.Of("", NotThere(server));
        }

        var (files, executables) = await repository.ReadWholeAsync(commit, "");
        var folder = ServerSettings.FolderOf(server.Name);
        if (!files.Keys.Any(path => path.StartsWith(folder + "/", StringComparison.Ordinal) && path != $"{folder}/{SettingsFiles.Name}"))
        {
            return FieldErrors.Of("", NotThere(server));
        }

        var settings = new ServerSettings(repository, name);
        var document = await settings.ReadAsync(commit);
        var fields = document.Settings.Keys;
        if (request.Draft is { } draft)
        {
            foreach (var (path, contents) in await settings.FilesAsync(commit, draft))
            {
                files = contents is null ? files.Remove(path) : files.SetItem(path, contents);
            }

            fields = SettingsChange.Between(document, draft).Where(change => change.To is not null).Select(change => change.Path);
        }

        return new CheckedFiles(commit, files, executables, [.. fields.Take(CheckOrder.MostFields)]);
    }

    private static string NotThere(Server server) => $"The repository has no configuration of {server.Name} yet. Adopt the server first: what it has is read in, and nothing on it changes.";
}
