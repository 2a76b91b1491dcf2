using Microsoft.Data.Sqlite;

namespace OsModa.Core.Configuration;

/// <summary>Makes the file of an index: written aside and renamed, so that there is a whole one or none.</summary>
internal static class OptionIndexFile
{
    // Names are split into words, also within camelCase; both they and the descriptions are found by beginnings of words.
    private const string Tables = """
        PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
        CREATE TABLE option (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, parent TEXT NOT NULL, hidden INTEGER NOT NULL, json TEXT NOT NULL);
        CREATE INDEX option_parent ON option (parent);
        CREATE VIRTUAL TABLE word USING fts5 (name, about, content = '', detail = column, prefix = '1 2 3', tokenize = "unicode61 remove_diacritics 2");
        INSERT INTO word (word, rank) VALUES ('rank', 'bm25(10.0, 1.0)');
        """;

    /// <summary>How many options went in.</summary>
    public static int Write(string file, IEnumerable<Option> options)
    {
        var aside = $"{file}.{Guid.NewGuid():N}.new";
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        try
        {
            var count = Fill(aside, options);
            using (var written = File.OpenHandle(aside, FileMode.Open, FileAccess.ReadWrite))
            {
                RandomAccess.FlushToDisk(written);
            }

            File.Move(aside, file, overwrite: true);
            return count;
        }
        finally
        {
            File.Delete(aside);
        }
    }

    private static int Fill(string file, IEnumerable<Option> options)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using (var tables = connection.CreateCommand())
        {
            tables.CommandText = Tables;
            tables.ExecuteNonQuery();
        }

        var count = 0;
        using (var transaction = connection.BeginTransaction())
        {
            using var row = Command(connection, "INSERT OR IGNORE INTO option (id, name, parent, hidden, json) VALUES ($id, $name, $parent, $hidden, $json)", "$id", "$name", "$parent", "$hidden", "$json");
            using var words = Command(connection, "INSERT INTO word (rowid, name, about) VALUES ($id, $name, $about)", "$id", "$name", "$about");
            foreach (var option in options)
            {
                Set(row, count + 1, option.Path.Text, ParentOf(option.Path), option.Hidden ? 1 : 0, StoredOption.Write(option));
                if (row.ExecuteNonQuery() == 0)
                {
                    continue;
                }

                count++;
                // What is not for people is found by its whole name only.
                if (option.Hidden)
                {
                    continue;
                }

                Set(words, count, SearchWords.OfName(option.Path), option.About ?? "");
                words.ExecuteNonQuery();
            }

            transaction.Commit();
        }

        using var tidy = connection.CreateCommand();
        tidy.CommandText = "INSERT INTO word (word) VALUES ('optimize'); PRAGMA user_version = 1;";
        tidy.ExecuteNonQuery();
        return count;
    }

    internal static string ParentOf(OptionPath path) => path.Parts.Length == 1 ? "" : OptionPath.Of(path.Parts[..^1]).Text;

    private static SqliteCommand Command(SqliteConnection connection, string text, params string[] names)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        foreach (var name in names)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }

        return command;
    }

    private static void Set(SqliteCommand command, params object[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }
    }
}
