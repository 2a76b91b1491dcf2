using System.Text.RegularExpressions;
using OsModa.Benchmarks.Servers;
using OsModa.Core.Nix;

namespace OsModa.Benchmarks.Compare;

/// <summary>Nix's own comparison of two closures, over an open connection.</summary>
internal static partial class DiffClosures
{
    /// <summary>What it prints, without colours.</summary>
    public static async Task<string> RunAsync(OpenMaster server, SystemPair pair) =>
        Colour().Replace(await server.RunAsync($"nix --extra-experimental-features nix-command store diff-closures {pair.From} {pair.To}"), "");

    /// <summary>The name under which it lists a path: up to the first dash that no letter follows, after a word of small letters at the end is cut off as an output.</summary>
    public static string NameOf(StorePath path)
    {
        var name = Output().Replace(path.Name, "");
        for (var i = 0; i < name.Length - 1; i++)
        {
            if (name[i] == '-' && !char.IsAsciiLetter(name[i + 1]))
            {
                return name[..i];
            }
        }

        return name;
    }

    [GeneratedRegex(@"\x1b\[[0-9;]*m", RegexOptions.NonBacktracking)]
    private static partial Regex Colour();

    [GeneratedRegex("-([a-z]+|lib32|lib64)$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Output();
}
