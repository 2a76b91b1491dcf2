using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace OsModa.Core.Configuration;

/// <summary>
/// All options of one schema, in a SQLite file with full text search. The file never changes once it is there; any number of threads search at once.
/// </summary>
public sealed class OptionIndex
{
    private readonly string _connection;

    private OptionIndex(string file) =>
        _connection = new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = true }.ToString();

    /// <summary>Where the index of a revision lies.</summary>
    /// <param name="folder">Of all indexes.</param>
    /// <param name="revision">Of the schema.</param>
    public static string FileOf(string folder, SchemaRevision revision) => Path.Combine(folder, $"{revision.Text}.options");

    /// <summary>Makes the index of a revision anew.</summary>
    public static OptionIndex Make(string folder, SchemaRevision revision, IEnumerable<Option> options)
    {
        OptionIndexFile.Write(FileOf(folder, revision), options);
        return new OptionIndex(FileOf(folder, revision));
    }

    /// <summary>The index of a revision, or null when it was never made or is of another version of the product.</summary>
    public static OptionIndex? Open(string folder, SchemaRevision revision)
    {
        var file = FileOf(folder, revision);
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            var index = new OptionIndex(file);
            return index.Run("PRAGMA user_version", static row => row.GetInt32(0)) is [1] ? index : null;
        }
        catch (SqliteException)
        {
            return null;    // not a database any more: it is made again
        }
    }

    public int Count => Run("SELECT count(*) FROM option", static row => row.GetInt32(0))[0];

    /// <summary>
    /// First the option whose name is what was typed, then those whose names begin with it, then those that have all the words, each by its
    /// beginning, in the name or in the text, by how well they fit; last names that hold the text anywhere.
    /// </summary>
    /// <param name="query">As typed. Nothing in it has a meaning of its own.</param>
    /// <param name="most">How many.</param>
    /// <param name="among">Only these, such as what is set on a server; null for all.</param>
    public IReadOnlyList<Option> Search(string query, int most, IReadOnlyCollection<OptionPath>? among = null)
    {
        var words = SearchWords.OfQuery(query);
        var names = among is null ? null : JsonSerializer.Serialize(among.Select(path => path.Text));
        if (words.Length == 0)
        {
            return names is null ? [] : Read("SELECT json FROM option WHERE name IN (SELECT value FROM json_each($among)) ORDER BY name LIMIT $most", ("$among", names), ("$most", most));
        }

        var only = names is null ? "" : " AND name IN (SELECT value FROM json_each($among))";
        var typed = query.Trim();
        List<Option> found = [];
        foreach (var (sql, text) in new[]
        {
            ($"SELECT json FROM option WHERE name = $text{only}", typed),
            ($"SELECT json FROM option WHERE name >= $text AND name < $text || char(0x10FFFF) AND hidden = 0{only} ORDER BY name LIMIT $most", typed),
            // The rows are only looked at when the best are known.
            ($"SELECT json FROM (SELECT rowid AS hit, rank AS place FROM word WHERE word MATCH $text{(names is null ? "" : $" AND rowid IN (SELECT id FROM option WHERE true{only})")} ORDER BY rank LIMIT $most * 2) JOIN option ON id = hit ORDER BY place + length(name) * 0.05 LIMIT $most", SearchWords.Match(words)),
            ($@"SELECT json FROM option WHERE name LIKE $text ESCAPE '\' AND hidden = 0{only} ORDER BY length(name), name LIMIT $most", $"%{Like(typed)}%"),
        })
        {
            if (found.Count < most)
            {
                found = [.. found.Concat(Read(sql, ("$text", text), ("$most", most), ("$among", names ?? ""))).DistinctBy(option => option.Path).Take(most)];
            }
        }

        return found;
    }

    /// <summary>The option of a name as the schema has it, placeholders and all.</summary>
    public Option? Find(OptionPath path) => Read("SELECT json FROM option WHERE name = $name", ("$name", path.Text)) is [var option] ? option : null;

    /// <summary>Options directly below a place: fields of a sub-module, or of the part of a name.</summary>
    public IReadOnlyList<Option> Below(OptionPath place) => Read("SELECT json FROM option WHERE parent = $parent ORDER BY name LIMIT 2000", ("$parent", place.Text));

    /// <summary>There are options below a place, however far in: it is a part of their names.</summary>
    public bool LeadsOn(OptionPath place) => !Run("SELECT 1 FROM option WHERE name > $from AND name < $to LIMIT 1", static _ => true, ("$from", place.Text + "."), ("$to", place.Text + "/")).IsEmpty;

    /// <summary>
    /// Fields of a sub-module: options below a place, also those with more names between, such as <c>openssh.authorizedKeys.keys</c>; what is within
    /// one of them is not among them, nor what is within members that the sub-module does not declare.
    /// </summary>
    public IReadOnlyList<Option> Fields(OptionPath place)
    {
        var all = Read("SELECT json FROM option WHERE name > $from AND name < $to ORDER BY name LIMIT 5000", ("$from", place.Text + "."), ("$to", place.Text + "/"))
            .Where(option => !OptionPath.IsPlaceholder(option.Path.Parts[place.Parts.Length])).ToList();
        var names = all.Select(option => option.Path).ToHashSet();
        return [.. all.Where(option => !Enumerable.Range(place.Parts.Length + 1, option.Path.Parts.Length - place.Parts.Length - 1).Any(length => names.Contains(OptionPath.Of(option.Path.Parts[..length]))))];
    }

    private static string Like(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);

    private ImmutableArray<Option> Read(string sql, params (string Name, object Value)[] parameters) => Run(sql, static row => StoredOption.Read(row.GetString(0)), parameters);

    private ImmutableArray<T> Run<T>(string sql, Func<SqliteDataReader, T> read, params (string Name, object Value)[] parameters)
    {
        using var connection = new SqliteConnection(_connection);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        using var rows = command.ExecuteReader();
        var found = ImmutableArray.CreateBuilder<T>();
        while (rows.Read())
        {
            found.Add(read(rows));
        }

        return found.ToImmutable();
    }
}
