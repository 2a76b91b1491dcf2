using System.Collections.Immutable;
using System.Text;

namespace OsModa.Demo.Machines;

/// <summary>What lies in /etc/nixos of a simulated server: what people wrote by hand, as the simulated options tell it.</summary>
internal static class EtcNixos
{
    private const string Main = "configuration.nix", Hardware = "hardware-configuration.nix", Mark = "  _file = ";

    private static readonly Lazy<(string Main, string Hardware)> Texts = new(() => (Read(Main), Read(Hardware)));

    /// <summary>By their paths below it.</summary>
    /// <param name="name">Of the server.</param>
    /// <param name="tried">With what somebody changed there by hand since.</param>
    public static ImmutableSortedDictionary<string, byte[]> Files(string name, bool tried) => ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal,
    [
        KeyValuePair.Create(Main, Encoding.UTF8.GetBytes(Of(name, tried))),
        KeyValuePair.Create(Hardware, Encoding.UTF8.GetBytes(Texts.Value.Hardware)),
    ]);

    private static string Of(string name, bool tried)
    {
        var lines = Texts.Value.Main.TrimEnd().Split('\n').Where(static line => !line.StartsWith(Mark, StringComparison.Ordinal)).ToList();
        lines[0] = $"# What people wrote by hand for {name}, a simulated server.";
        // Before the closing bracket, so that lines above keep their numbers.
        lines.InsertRange(lines.Count - 1, tried
            ? [$"  imports = [ ./{Hardware} ];", "  # Tried on the server, with nixos-rebuild test.", "  services.openssh.settings.MaxAuthTries = 3;"]
            : [$"  imports = [ ./{Hardware} ];"]);
        return string.Join('\n', lines) + "\n";
    }

    private static string Read(string name)
    {
        using var stream = typeof(EtcNixos).Assembly.GetManifestResourceStream(name) ?? throw new FileNotFoundException($"No '{name}' in this assembly.", name);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
