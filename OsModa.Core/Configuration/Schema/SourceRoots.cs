using System.Collections.Immutable;

namespace OsModa.Core.Configuration;

/// <summary>
/// Brings the names of files that an evaluation tells back to those of the configuration: Nix copies a flake to the store first, and the files of a
/// commit lie in a folder of their own for as long as they are read.
/// </summary>
internal sealed class SourceRoots
{
    private const int Most = 4, LongestPlace = 1_024;

    private readonly List<(string Place, string Folder)> _all = [];

    /// <summary>Takes the fields of a line of options.sh.</summary>
    public void Take(string[] words)
    {
        if (words is ["root", ['/', _, .. { Length: < LongestPlace }] place, { Length: < LongestPlace } folder] && _all.Count < Most)
        {
            _all.Add((place, folder));
        }
    }

    /// <summary>Files by their paths from the root of the repository, or below <c>/etc/nixos</c>; those that lie elsewhere stay as they are.</summary>
    public ImmutableArray<SourcePlace> Of(ImmutableArray<SourcePlace> places) => _all.Count == 0 ? places : [.. places.Select(place => place with { File = Of(place.File) })];

    public string Of(string file)
    {
        foreach (var (place, folder) in _all)
        {
            if (file.Length > place.Length && file[place.Length] == '/' && file.StartsWith(place, StringComparison.Ordinal))
            {
                return folder.Length == 0 ? file[(place.Length + 1)..] : folder + file[place.Length..];
            }
        }

        return file;
    }
}
