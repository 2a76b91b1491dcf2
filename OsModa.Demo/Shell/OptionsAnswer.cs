using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OsModa.Core.Configuration;
using OsModa.Demo.Machines;
using OsModa.Demo.Systems;

namespace OsModa.Demo.Shell;

/// <summary>Answers schema-source.sh and options.sh: all simulated servers have the same options, and the same configuration by hand; what the form sets comes on top of it.</summary>
internal static class OptionsAnswer
{
    private const int Piece = 32_768, MostPackages = 24;

    private static readonly Lazy<string> Schema = new(() => Read("schema.json")), Set = new(() => Read("set.json"));

    public static DemoRun Source() => DemoRun.Of(["channel", $"stamp\t{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Schema.Value + Set.Value)))}"]);

    /// <param name="server">Whose packages are looked for.</param>
    /// <param name="arguments">Of options.sh: the first says what is asked, the third which part; with an eighth, the files of a commit are meant and the fifth is their folder.</param>
    public static DemoRun To(DemoServer server, IReadOnlyList<string> arguments)
    {
        if (arguments.Count > 2 && arguments[0] == NixFiles.Packages)
        {
            lock (server.Gate)
            {
                return Told(Packages(server.Profile.Current.Release, arguments[2]));
            }
        }

        string[] root = arguments is [_, _, _, _, var folder, _, _, { Length: > 0 }, ..] ? [$"root\t/etc/nixos\t{folder}"] : [];
        return arguments.ElementAtOrDefault(2) switch
        {
            "schema" => Told(Schema.Value, root),
            "set" => Told(root.Length == 0 ? Set.Value : FormValues.Onto(Set.Value, Schema.Value, arguments[4], PackedFiles.Read(arguments[7])), root),
            _ => DemoRun.Of([], 2),
        };
    }

    private static string Packages(Release release, string word) => JsonSerializer.Serialize(PackageTable.All
        .Where(entry => entry.Name.Contains(word, StringComparison.OrdinalIgnoreCase))
        .OrderBy(entry => entry.Name.Equals(word, StringComparison.OrdinalIgnoreCase) ? 0 : entry.Name.StartsWith(word, StringComparison.OrdinalIgnoreCase) ? 1 : 2).ThenBy(static entry => entry.Name.Length)
        .Take(MostPackages)
        .Select(entry => new { about = "", name = entry.Name, version = release.Packages[entry.Name].Version }));

    private static DemoRun Told(string json, params string[] root) => DemoRun.Of([.. root, "part", .. json.Chunk(Piece).Select(piece => "=" + new string(piece)), "part-end", "end"]);

    private static string Read(string name)
    {
        using var stream = typeof(OptionsAnswer).Assembly.GetManifestResourceStream(name) ?? throw new FileNotFoundException($"No '{name}' in this assembly.", name);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Trim();
    }
}
