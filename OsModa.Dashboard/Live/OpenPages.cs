using System.Collections.Concurrent;

namespace OsModa.Dashboard.Live;

/// <summary>How many live pages each person has open: each takes memory here for as long as it is, whoever left it open.</summary>
internal sealed class OpenPages
{
    /// <summary>More than anybody looks at; a page that lost its browser counts for the two minutes that it is kept.</summary>
    public const int Most = 100;

    private readonly ConcurrentDictionary<Guid, int> _open = new();

    public bool IsFull(Guid person) => _open.TryGetValue(person, out var open) && open >= Most;

    /// <returns>False: there are too many, and this one was not counted.</returns>
    public bool TryOpen(Guid person)
    {
        while (true)
        {
            var open = _open.GetOrAdd(person, 0);
            if (open >= Most)
            {
                return false;
            }

            if (_open.TryUpdate(person, open + 1, open))
            {
                return true;
            }
        }
    }

    /// <summary>One that was counted is gone.</summary>
    public void Close(Guid person)
    {
        // Nobody who has left stays in memory.
        if (_open.AddOrUpdate(person, 0, static (_, open) => open - 1) == 0)
        {
            _open.TryRemove(KeyValuePair.Create(person, 0));
        }
    }
}
