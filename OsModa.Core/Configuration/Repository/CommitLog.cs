using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using OsModa.Core.Observation.Wire;

namespace OsModa.Core.Configuration;

/// <summary>Reads what git tells of commits. Anybody who may push to a remote repository may have made them, so what people read of it is made harmless, and nothing odd in one hides it.</summary>
internal static class CommitLog
{
    private const int Parts = 6, LongestLine = 500, LongestReason = 20_000;

    /// <summary>Begins the command that tells them. No part of a commit can hold the zero byte that stands between the parts.</summary>
    public static ImmutableArray<string> Command { get; } = ["log", "-z", "--no-color", "--no-show-signature", "--format=%H%x00%an%x00%ae%x00%at%x00%s%x00%b"];

    public static ImmutableArray<Commit> Read(byte[] told) =>
        [.. Encoding.UTF8.GetString(told).Split('\0').Chunk(Parts).Where(static parts => parts.Length == Parts).Select(CommitOf).OfType<Commit>()];

    /// <summary>Begins the command that tells whole messages, each after its commit.</summary>
    public static ImmutableArray<string> WholeMessages { get; } = ["log", "-z", "--no-color", "--no-show-signature", "--format=%H%n%B"];

    /// <summary>The newest commit whose message has this as its last line: one that only mentions it is another.</summary>
    public static CommitId? EndingWith(string line, byte[] told)
    {
        foreach (var lines in Encoding.UTF8.GetString(told).Split('\0').Select(static message => message.TrimEnd().Split('\n')))
        {
            if (lines.Length > 1 && lines[^1].TrimEnd('\r') == line && CommitId.TryParse(lines[0], out var commit))
            {
                return commit;
            }
        }

        return null;
    }

    // A date that is none becomes the first of all.
    private static Commit? CommitOf(string[] parts)
    {
        var known = long.TryParse(parts[3], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and < 253_402_300_800;
        var reason = parts[5].Length > LongestReason ? parts[5][..LongestReason] : parts[5];
        return CommitId.TryParse(parts[0], out var commit)
            ? new Commit(commit, Harmless(parts[1]), Harmless(parts[2]), DateTimeOffset.FromUnixTimeSeconds(known ? seconds : 0), Harmless(parts[4]), string.Join('\n', reason.Trim().Split('\n').Select(Harmless)))
            : null;
    }

    private static string Harmless(string line) => ServerText.Harmless(line.TrimEnd('\r'), LongestLine);
}
