using System.Text.RegularExpressions;
using OsModa.Core.Nix;

namespace OsModa.Core.Comparison;

/// <summary>How a text names a path of the store, the nearest first.</summary>
internal enum NamedAs
{
    Program,
    Else,

    /// <summary>Only as a place where commands are searched.</summary>
    SearchPath,
}

/// <summary>What the texts of a unit name in one system: its file and drop-ins, the scripts it runs, the files of the store that these read.</summary>
internal sealed partial class NamedThings
{
    // A script may name a file which names a file; further ones are no longer the unit's.
    private const int Depth = 3;
    private readonly ILookup<StorePath, string?> _texts;

    /// <param name="side">All files that were read of the system.</param>
    /// <param name="unit">The unit's text; null when the system has no such unit.</param>
    public NamedThings(SystemFiles side, string? unit)
    {
        _texts = side.Texts.Where(file => file.Key.StartsWith(StorePath.Folder, StringComparison.Ordinal)).OrderBy(file => file.Key, StringComparer.Ordinal)
            .Select(file => (Path: StorePathNames.In(file.Key).FirstOrDefault(), file.Value.Text)).Where(file => file.Path.Text is not null).ToLookup(file => file.Path, file => file.Text);
        if (unit is not null)
        {
            TakeUnit(UnitFile.Parse([unit]));
        }
    }

    public Dictionary<StorePath, NamedAs> Store { get; } = [];

    /// <summary>Paths below /etc, without it.</summary>
    public HashSet<string> Etc { get; } = new(StringComparer.Ordinal);

    /// <summary>Text of a file of the store; of a folder with several ones, that of the first.</summary>
    public string? TextOf(StorePath path) => _texts[path].FirstOrDefault();

    private void TakeUnit(UnitFile unit)
    {
        foreach (var (key, value) in unit.Sections.SelectMany(unit.Section).SelectMany(setting => setting.Value.Select(value => (setting.Key, value))))
        {
            if (key == "Environment" && SearchPath().Match(value) is { Success: true } search)
            {
                StorePathNames.In(search.Value).ForEach(path => Store.TryAdd(path, NamedAs.SearchPath));
                TakeText(value.Remove(search.Index, search.Length), Depth);
                continue;
            }

            if (key == "ExecStart" && StorePathNames.In(value) is [var program, ..] && value.TrimStart('@', '-', ':', '+', '!').StartsWith(program.Text, StringComparison.Ordinal))
            {
                Name(program, NamedAs.Program, Depth);
            }

            TakeText(value, Depth);
        }
    }

    private void TakeText(string text, int depth)
    {
        foreach (Match file in EtcFile().Matches(text))
        {
            Etc.Add(file.Groups["path"].Value.TrimEnd('.', '/'));
        }

        StorePathNames.In(text).ForEach(path => Name(path, NamedAs.Else, depth));
    }

    private void Name(StorePath path, NamedAs role, int depth)
    {
        var known = Store.TryGetValue(path, out var before);
        Store[path] = known && before < role ? before : role;
        if ((known && before != NamedAs.SearchPath) || depth == 0)
        {
            return;
        }

        foreach (var text in _texts[path].OfType<string>())
        {
            // What a script becomes at its end is what the unit runs.
            foreach (Match last in Exec().Matches(text))
            {
                StorePathNames.In(last.Value).ForEach(program => Name(program, NamedAs.Program, depth - 1));
            }

            TakeText(text, depth - 1);
        }
    }

    [GeneratedRegex("(^|[^A-Za-z0-9._/])/etc/(?<path>[A-Za-z0-9@_+][A-Za-z0-9@_+./-]{0,254})", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex EtcFile();

    [GeneratedRegex("\"?PATH=[^\" ]*\"?", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex SearchPath();

    [GeneratedRegex(@"(^|[\n;&|])[ \t]*exec /nix/store/[^ \n/]+", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Exec();
}
