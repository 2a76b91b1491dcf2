using OsModa.Demo.Systems;

namespace OsModa.Demo.Machines;

/// <summary>
/// The journal of a simulated server: what its systemd said lately is kept; what its services said follows from the seed
/// and the time, so there is a past of any length that takes no memory.
/// </summary>
internal sealed class JournalBook(uint seed)
{
    private const int Most = 600;

    private readonly Queue<JournalEntry> _said = new();

    public void Add(JournalEntry entry)
    {
        if (_said.Count == Most)
        {
            _said.Dequeue();
        }

        _said.Enqueue(entry);
    }

    /// <summary>The newest entries of a unit until <paramref name="until"/>, oldest first.</summary>
    public List<JournalEntry> Read(UnitTemplate? template, string unit, long since, long until, int most)
    {
        var said = _said.Where(e => e.Unit == unit && e.At <= until).ToList();
        var chatter = template is null ? [] : Chatter.Between(seed, template, Math.Max(since, until - Chatter.Reach(most, template)), until);
        var entries = said.Concat(chatter).OrderBy(static e => e.At).ToList();
        RemoveWordsOfTheDead(entries);
        entries.RemoveAll(e => e.At <= since);
        return entries.Count > most ? entries[^most..] : entries;
    }

    // A service that does not run says nothing: between its end and its next start only systemd speaks.
    private static void RemoveWordsOfTheDead(List<JournalEntry> entries)
    {
        var down = false;
        entries.RemoveAll(entry =>
        {
            down = entry.MessageId switch
            {
                MessageIds.ProcessExited or MessageIds.Stopped => true,
                MessageIds.Started => false,
                _ => down,
            };
            return down && entry.MessageId.Length == 0 && entry.Identifier != "systemd";
        });
    }
}
