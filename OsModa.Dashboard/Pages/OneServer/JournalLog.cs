using System.Collections.Immutable;
using OsModa.Core.Observation;

namespace OsModa.Dashboard.Pages.OneServer;

/// <summary>The newest entries of a journal, as many as a page keeps; older ones leave at the top, the newest urgent ones last.</summary>
public sealed class JournalLog
{
    /// <summary>Entries that are kept.</summary>
    public const int Most = 1000;

    /// <summary>Warnings and errors among them that stay however much else comes.</summary>
    public const int MostUrgent = 200;

    private const int Warning = 4;

    private long _next;

    /// <summary>In the order in which they came, each with a number that only grows.</summary>
    public ImmutableArray<(long Number, JournalEntry Entry)> Lines { get; private set; } = [];

    /// <summary>Entries of this priority or more urgent; the others are kept, but not shown.</summary>
    public static bool Lets(JournalEntry entry, int priority) => entry.Priority <= priority;

    public void Add(IReadOnlyList<JournalEntry> entries)
    {
        var all = Lines.ToList();
        all.AddRange(entries.Select(entry => (_next++, entry)));
        var leave = Leaving(all.ConvertAll(line => line.Entry));
        Lines = [.. all.Where((_, i) => !leave.Contains(i))];
    }

    /// <summary>As many as are kept, for who takes them later; those that had to go are counted in the next one that stays.</summary>
    public static List<JournalEntry> Newest(List<JournalEntry> entries)
    {
        var leave = Leaving(entries);
        var stay = new List<JournalEntry>(Most);
        var gone = 0;
        for (var i = 0; i < entries.Count; i++)
        {
            if (leave.Contains(i))
            {
                gone += entries[i].LeftOut + 1;
            }
            else
            {
                stay.Add(gone == 0 ? entries[i] : entries[i] with { LeftOut = entries[i].LeftOut + gone });
                gone = 0;
            }
        }

        return stay;
    }

    // Places of the oldest that are too many. In a service that writes much, an error would be gone before anybody has read it.
    private static HashSet<int> Leaving(List<JournalEntry> entries)
    {
        var leave = new HashSet<int>();
        var tooMany = entries.Count - Most;
        var spared = tooMany <= 0 ? 0 : entries.Count(entry => Lets(entry, Warning)) - MostUrgent;
        for (var i = 0; leave.Count < tooMany; i++)
        {
            if (!Lets(entries[i], Warning) || spared-- > 0)
            {
                leave.Add(i);
            }
        }

        return leave;
    }
}
