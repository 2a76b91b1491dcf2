namespace OsModa.Benchmarks.Rollback;

/// <summary>How long each stage of a switch took, by the server's journal of it.</summary>
internal static class StageTimes
{
    /// <summary>In their order.</summary>
    public static readonly string[] Names = ["preflight", "armed", "activate", "commit", "probation"];

    /// <summary>Microseconds.</summary>
    /// <param name="journal">Lines of fields with TABs between: microseconds since the beginning, wall clock, word, and what belongs to it.</param>
    public static long Of(string journal, string stage)
    {
        var lines = journal.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).ToList();
        return At("ended") - At("stage");

        long At(string word) => long.Parse(lines.First(fields => fields[2] == word && fields[3] == stage)[0]);
    }
}
