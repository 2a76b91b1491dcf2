using System.Collections.Immutable;
using System.Text;
using OsModa.Core.Observation.Wire;

namespace OsModa.Core.Configuration;

/// <summary>A file that holds what looks like a secret and is kept as it is: Nix puts it into the store, where everybody on the server reads it anyway.</summary>
/// <param name="Path">Below <c>/etc/nixos</c>, or from the root of the repository; made harmless.</param>
/// <param name="Lines">Where in it, in their order; the first line is 1.</param>
public sealed record FileExposed(string Path, ImmutableArray<int> Lines)
{
    private const int MostLines = 10, MostFiles = 200, LongestPath = 400;

    /// <summary>In words: <c>line 3</c>.</summary>
    public string Where => Lines is [var only] ? $"line {only}" : $"lines {string.Join(", ", Lines.Take(MostLines))}{(Lines.Length > MostLines ? " and more" : null)}";

    /// <summary>Lines of a message of a commit that name them.</summary>
    internal static string Words(IEnumerable<FileExposed> exposed) => string.Join('\n', exposed.Select(file => $"What looks like a secret is in {file.Path}, {file.Where}."));

    /// <summary>Those of some files, 200 at most.</summary>
    internal static ImmutableArray<FileExposed> Among(IEnumerable<KeyValuePair<string, byte[]>> files) =>
        [.. files.Select(static file => new FileExposed(file.Key, PlainSecret.LinesIn(Encoding.UTF8.GetString(file.Value)))).Where(static file => !file.Lines.IsEmpty).Take(MostFiles)];

    /// <summary>Those of the newest commit.</summary>
    /// <exception cref="RepositoryException">Git failed.</exception>
    internal static async Task<ImmutableArray<FileExposed>> InAsync(ConfigurationRepository repository)
    {
        if (await repository.HeadAsync() is not { } head)
        {
            return [];
        }

        var files = await repository.ReadAsync(head, "");
        // All lines of all servers: whoever asks goes on meanwhile.
        return await Task.Run(() => Among(files).Select(static file => file with { Path = ServerText.Harmless(file.Path, LongestPath) }).ToImmutableArray());
    }
}
