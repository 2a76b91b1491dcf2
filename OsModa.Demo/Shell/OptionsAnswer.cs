using System.Security.Cryptography;

namespace OsModa.Demo.Shell;

/// <summary>Answers schema-source.sh and options.sh: all simulated servers have the same options, and the same configuration by hand.</summary>
internal static class OptionsAnswer
{
    private const int Piece = 32_768;

    private static readonly Lazy<string> Schema = new(() => Read("schema.json")), Set = new(() => Read("set.json"));

    public static DemoRun Source() => DemoRun.Of(["channel", $"stamp\t{Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Schema.Value + Set.Value)))}"]);

    /// <param name="arguments">Of options.sh: the third says which part.</param>
    public static DemoRun To(IReadOnlyList<string> arguments) => arguments.ElementAtOrDefault(2) switch
    {
        "schema" => Told(Schema.Value),
        "set" => Told(Set.Value),
        _ => DemoRun.Of([], 2),
    };

    private static DemoRun Told(string json) => DemoRun.Of(["part", .. json.Chunk(Piece).Select(piece => "=" + new string(piece)), "part-end", "end"]);

    private static string Read(string name)
    {
        using var stream = typeof(OptionsAnswer).Assembly.GetManifestResourceStream(name) ?? throw new FileNotFoundException($"No '{name}' in this assembly.", name);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Trim();
    }
}
