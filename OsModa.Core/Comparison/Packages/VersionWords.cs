using System.Buffers;

namespace OsModa.Core.Comparison.Packages;

/// <summary>Words within versions that mean something for their order.</summary>
internal static class VersionWords
{
    // From the earliest to the latest stage; words of one row mean the same stage.
    private static readonly string[][] Stages =
    [
        ["dev", "devel", "nightly", "snapshot"],
        ["alpha", "a"],
        ["beta", "b"],
        ["pre", "preview", "prerelease"],
        ["rc", "cr", "c"],
    ];

    public static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");

    /// <summary>How far towards its release a version with this word is; null when it is no word of a version before its release.</summary>
    public static int? PreRelease(ReadOnlySpan<char> word)
    {
        for (var stage = 0; stage < Stages.Length; stage++)
        {
            foreach (var name in Stages[stage])
            {
                if (word.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return stage;
                }
            }
        }

        return null;
    }
}
