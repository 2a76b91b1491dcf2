using OsModa.Core.Configuration;

namespace OsModa.Benchmarks.Options;

/// <summary>20,000 options with names, types and texts in the manner of NixOS, always the same ones, and what people would type to find them.</summary>
internal static class ManyOptions
{
    private const int Modules = 1_000, OptionsOfEach = 20;

    private static readonly string[] Things =
        ["web", "mail", "proxy", "cache", "queue", "agent", "index", "search", "metrics", "backup", "certificate", "session", "upload", "database", "socket", "network", "storage", "firewall", "gateway", "scheduler"];

    private static readonly string[] Parts =
        ["enable", "package", "port", "openFirewall", "listenAddress", "logLevel", "stateDir", "extraConfig", "environmentFile", "maxConnections", "user", "group", "settings", "timeoutSeconds", "workerProcesses", "databaseUrl", "allowedOrigins", "retentionDays", "tlsCertificate", "bodySizeLimit"];

    private static readonly OptionType[] Types =
    [
        new BoolType(), new PackageType(), new IntegerType(0, 65535), new BoolType(), new TextType(), new EnumType([new NixText("debug"), new NixText("info"), new NixText("error")]), new PathType(),
        new TextType(Separator: "\n"), new NullableType(new PathType()), new IntegerType(0), new TextType(), new TextType(), new SubmoduleType(true, new AttributesType(new AnyType())), new IntegerType(1),
        new NullableType(new IntegerType(1)), new NullableType(new TextType()), new ListType(new TextType()), new IntegerType(0), new NullableType(new PathType()), new TextType("[0-9]+[kmg]?"),
    ];

    public static IEnumerable<Option> All()
    {
        for (var module = 0; module < Modules; module++)
        {
            for (var i = 0; i < OptionsOfEach; i++)
            {
                yield return new Option
                {
                    Path = OptionPath.Of("services", Name(module), Parts[i]),
                    Type = Types[i],
                    TypeWords = "type",
                    About = $"Sets {Parts[i]} of the {Things[module % Things.Length]} service {Name(module)}, which works together with the {Things[(module + i) % Things.Length]} "
                        + $"and the {Things[(module * 7 + i * 3) % Things.Length]} of the system. When it is not set, a value is chosen that suits most machines; see the manual of the program for what else it may be.",
                    Default = new OptionSample(NixNull.Value, null),
                    Declared = [new SourcePlace($"nixos/modules/services/{Things[module % Things.Length]}/{Name(module)}.nix", 10 + i)],
                };
            }
        }
    }

    /// <summary>Names, beginnings of names, words of the text and parts from the middle, in turn.</summary>
    public static string[] Queries(int count) =>
    [
        .. Enumerable.Range(0, count).Select(i => (i % 6) switch
        {
            0 => $"services.{Name(i * 37 % Modules)}.{Parts[i % OptionsOfEach]}",
            1 => Name(i * 53 % Modules)[..4],
            2 => $"{Things[i % Things.Length]} {Parts[i * 7 % OptionsOfEach]}",
            3 => "service",
            4 => $"{Things[i % Things.Length][..2]} most machines",
            _ => Parts[i % OptionsOfEach][2..],
        }),
    ];

    private static string Name(int module) => $"{Things[module % Things.Length]}{Things[module * 3 / Things.Length % Things.Length]}{module / Things.Length}";
}
