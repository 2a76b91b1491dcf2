using System.Collections.Immutable;
using System.Text;
using OsModa.Core.Servers;

namespace OsModa.Core.Configuration;

/// <summary>A document as a commit has it.</summary>
/// <param name="Commit">Null before the first.</param>
/// <param name="Document">What the form sets.</param>
public sealed record SettingsAt(CommitId? Commit, SettingsDocument Document);

/// <summary>What came of saving.</summary>
/// <param name="Commit">The new commit; null when nothing was saved.</param>
/// <param name="Contradictions">Places that somebody else changed meanwhile, each otherwise; nothing was saved then.</param>
public sealed record SaveOutcome(CommitId? Commit, ImmutableArray<SettingsChange> Contradictions);

/// <summary>
/// The form's document of one server in the repository, in <c>servers/NAME/</c>. What people wrote by hand beside it is never touched; the module
/// that applies the document is ours and kept up to date.
/// </summary>
public sealed class ServerSettings(ConfigurationRepository repository, ServerName server)
{
    private const int MostSteps = 500, MostTries = 5;
    private readonly string _folder = FolderOf(server.Text);

    /// <summary>Where the files of a server lie in the repository.</summary>
    public static string FolderOf(string name) => $"servers/{name}";

    /// <exception cref="FormatException">Somebody made something else of the document by hand; says what is wrong with it.</exception>
    public async Task<SettingsAt> ReadAsync() => await repository.HeadAsync() is { } head ? new SettingsAt(head, await ReadAsync(head)) : new SettingsAt(null, SettingsDocument.Empty);

    /// <summary>The document as a commit has it; empty where the commit does not know the server.</summary>
    /// <exception cref="FormatException">As above.</exception>
    public async Task<SettingsDocument> ReadAsync(CommitId commit)
    {
        var files = await repository.ReadAsync(commit, _folder);
        return files.TryGetValue($"{_folder}/{SettingsFiles.Name}", out var json)
            ? SettingsReader.Read(json, name => files.TryGetValue($"{_folder}/{SettingsFiles.ExpressionFolder}/{name}.nix", out var text) ? Encoding.UTF8.GetString(text) : null)
            : SettingsDocument.Empty;
    }

    /// <summary>Saves what a person made of a document. What others saved meanwhile stays; only a place that both changed stops it.</summary>
    /// <param name="basis">What the person began with.</param>
    /// <param name="document">What they made of it.</param>
    /// <param name="words">Who and why.</param>
    public async Task<SaveOutcome> SaveAsync(SettingsAt basis, SettingsDocument document, CommitWords words)
    {
        await repository.CatchUpAsync();
        for (var tries = 0; tries < MostTries; tries++)
        {
            var now = await ReadAsync();
            var merge = SettingsMerge.Of(basis.Document, now.Document, document);
            if (!merge.Contradictions.IsEmpty || (merge.Document.Equals(now.Document) && now.Commit is not null))
            {
                return new SaveOutcome(null, merge.Contradictions);
            }

            if (await repository.CommitAsync(now.Commit, await FilesAsync(now.Commit, merge.Document), words) is { } made)
            {
                return new SaveOutcome(made, []);
            }
        }

        throw new RepositoryException("Others save faster than this change can be saved. Try again.");
    }

    public Task<ImmutableArray<Commit>> HistoryAsync(int most) => repository.HistoryAsync(_folder, most);

    /// <summary>Which commit gave each place the value that it has now. Where the history cannot be read so far back, a place has none.</summary>
    public async Task<ImmutableSortedDictionary<OptionPath, Commit>> BlameAsync()
    {
        var path = $"{_folder}/{SettingsFiles.Name}";
        var blame = ImmutableSortedDictionary.CreateBuilder<OptionPath, Commit>(OptionPath.Order);
        List<Setting>? open = null;
        try
        {
            var steps = await repository.HistoryAsync(path, MostSteps);
            var at = 0;
            await foreach (var json in repository.ReadEachAsync(steps.Select(step => step.Id), path, SettingsReader.MostBytes))
            {
                var document = Compared(json);
                open ??= [.. document.Settings.Values];
                open.RemoveAll(setting => document[setting.Path] != setting);
                if (open.Count == 0)
                {
                    break;
                }

                foreach (var setting in open)
                {
                    blame[setting.Path] = steps[at];
                }

                at++;
            }
        }
        catch (RepositoryException)
        {
            // Who set what is an addition to the form, and no reason to be without it. Places still looked for may be older than what was read.
            open?.ForEach(setting => blame.Remove(setting.Path));
        }

        return blame.ToImmutable();
    }

    // Expressions are named by what is in them: for comparing, the name is enough.
    private static SettingsDocument Compared(byte[]? json)
    {
        try
        {
            return json is null ? SettingsDocument.Empty : SettingsReader.Read(json, SettingsFiles.Stand);
        }
        catch (FormatException)
        {
            return SettingsDocument.Empty;    // somebody's hand made it unreadable for a while
        }
    }

    /// <summary>What a commit has to change so that the document is what the server has; null takes a file away.</summary>
    /// <exception cref="FormatException">The document is more than could be read again.</exception>
    internal async Task<Dictionary<string, byte[]?>> FilesAsync(CommitId? now, SettingsDocument document)
    {
        if (DocumentSize.Fault(document) is { } fault)
        {
            throw new FormatException(fault);
        }

        var there = now is { } commit ? await repository.ReadAsync(commit, "") : ImmutableSortedDictionary<string, byte[]>.Empty;
        var made = SettingsFiles.Of(document);
        var files = new Dictionary<string, byte[]?>(StringComparer.Ordinal)
        {
            [$"{_folder}/{SettingsFiles.Name}"] = [.. made.Json],
            [$"{_folder}/{SettingsFiles.Module}"] = Encoding.UTF8.GetBytes(NixFiles.Settings),
        };
        foreach (var (name, text) in made.Expressions)
        {
            files[$"{_folder}/{SettingsFiles.ExpressionFolder}/{name}.nix"] = Encoding.UTF8.GetBytes(text);
        }

        foreach (var gone in there.Keys.Where(path => path.StartsWith($"{_folder}/{SettingsFiles.ExpressionFolder}/", StringComparison.Ordinal) && !files.ContainsKey(path)))
        {
            files[gone] = null;
        }

        // These a person may have changed: they are made once.
        foreach (var (path, text) in new[] { ("flake.nix", NixFiles.Flake), ($"{_folder}/default.nix", NixFiles.Server) }.Where(first => !there.ContainsKey(first.Item1)))
        {
            files[path] = Encoding.UTF8.GetBytes(text);
        }

        return files.Where(file => file.Value is null || !there.TryGetValue(file.Key, out var old) || !old.AsSpan().SequenceEqual(file.Value)).ToDictionary(StringComparer.Ordinal);
    }
}
