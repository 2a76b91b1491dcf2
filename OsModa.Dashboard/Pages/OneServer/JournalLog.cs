using System.Collections.Immutable;
using OsModa.Core.Observation;

namespace OsModa.Dashboard.Pages.OneServer;

/// <summary>The newest entries of a journal, as many as a page keeps; older ones leave at the top.</summary>
public sealed class JournalLog
{
    /// <summary>Entries that are kept.</summary>
    public const int Most = 1000;

    private long _next;

    /// <summary>In the order in which they came, each with a number that only grows.</summary>
    public ImmutableArray<(long Number, JournalEntry Entry)> Lines { get; private set; } = [];

    /// <summary>Entries of this priority or more urgent; the others are kept, but not shown.</summary>
    public static bool Lets(JournalEntry entry, int priority) => entry.Priority <= priority;

    public void Add(IReadOnlyList<JournalEntry> entries)
    {
        var all = Lines.ToBuilder();
        foreach (var entry in entries)
        {
            all.Add((_next++, entry));
        }

        if (all.Count > Most)
        {
            all.RemoveRange(0, all.Count - Most);
        }

        Lines = all.ToImmutable();
    }
}
