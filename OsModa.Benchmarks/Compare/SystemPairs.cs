using OsModa.Benchmarks.Servers;
using OsModa.Core.Nix;

namespace OsModa.Benchmarks.Compare;

/// <param name="Old">Number of the older generation.</param>
/// <param name="New">Number of the newer one.</param>
/// <param name="From">System of the older one.</param>
/// <param name="To">System of the newer one.</param>
/// <param name="Differing">Paths that only one of the two needs.</param>
internal sealed record SystemPair(int Old, int New, StorePath From, StorePath To, int Differing);

/// <summary>Finds pairs of generations that differ by about 300 store paths on each side.</summary>
internal static class SystemPairs
{
    private const int Wanted = 600;

    // Closures of all generations, each as a sorted file, then how many lines each pair does not share.
    private const string Count = """
        cd "$(mktemp -d)" || exit 1
        for link in /nix/var/nix/profiles/system-*-link; do n=${link##*/system-}; n=${n%-link}; system=$(readlink -f "$link"); nix-store -qR "$system" | sort >"$n"; echo "$system" >"$n.system"; done
        for a in [0-9]*; do case $a in *.system) continue;; esac
        for b in [0-9]*; do case $b in *.system) continue;; esac
        [ "$a" -lt "$b" ] && echo "$a $b $(cat "$a.system") $(cat "$b.system") $(comm -3 "$a" "$b" | wc -l)"; done; done; true
        """;

    public static async Task<IReadOnlyList<SystemPair>> FindAsync(OpenMaster server) =>
    [
        .. (await server.RunAsync(Count)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))
            .Select(words => new SystemPair(int.Parse(words[0]), int.Parse(words[1]), StorePath.Parse(words[2]), StorePath.Parse(words[3]), int.Parse(words[4])))
            .OrderBy(pair => Math.Abs(pair.Differing - Wanted)).Take(60),
    ];
}
