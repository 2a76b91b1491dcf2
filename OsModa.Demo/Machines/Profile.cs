using OsModa.Demo.Systems;

namespace OsModa.Demo.Machines;

/// <param name="SetAt">Modification time of its link, in the agenda's microseconds; negative before it began.</param>
internal sealed record DemoGeneration(int Number, DemoSystem System, long SetAt);

/// <summary>The system profile of a simulated server and its three pins, with Nix's rules for numbers.</summary>
internal sealed class Profile
{
    private readonly SortedDictionary<int, DemoGeneration> _generations = [];

    public Profile(IEnumerable<DemoGeneration> history)
    {
        foreach (var generation in history)
        {
            _generations.Add(generation.Number, generation);
        }

        Linked = _generations.Values.Last();
        Current = Booted = Linked.System;
    }

    public IReadOnlyCollection<DemoGeneration> Generations => _generations.Values;

    /// <summary>What the profile's link names: default at next boot.</summary>
    public DemoGeneration Linked { get; private set; }

    /// <summary>Systems that are in the store and in no generation.</summary>
    public List<DemoSystem> Built { get; } = [];

    public DemoSystem Current { get; set; }

    public DemoSystem Booted { get; set; }

    public bool RebootNeeded => Current.NeedsRebootAfter(Booted);

    public DemoGeneration? Find(int number) => _generations.GetValueOrDefault(number);

    public DemoSystem? Find(string path) =>
        _generations.Values.Select(static g => g.System).Concat([Current, Booted, .. Built]).FirstOrDefault(s => s.Path.Text == path);

    /// <summary>Sets the profile to a system: a new generation, unless the newest one already is that system.</summary>
    /// <returns>True: there is a new generation.</returns>
    public bool Set(DemoSystem system, long at)
    {
        var newest = _generations.Values.Last();
        if (newest.System.Path == system.Path)
        {
            Linked = newest;
            return false;
        }

        Linked = new DemoGeneration(newest.Number + 1, system, at);
        _generations.Add(Linked.Number, Linked);
        return true;
    }

    /// <summary>A new generation that is not made the default: somebody has built it and waits with the switch.</summary>
    public int Add(DemoSystem system, long at)
    {
        var number = _generations.Keys.Last() + 1;
        _generations.Add(number, new DemoGeneration(number, system, at));
        return number;
    }

    public bool Link(int number)
    {
        if (Find(number) is not { } generation)
        {
            return false;
        }

        Linked = generation;
        return true;
    }

    /// <summary>Deletes old generations; those that a pin names stay.</summary>
    public int KeepNewest(int count)
    {
        var old = _generations.Values.SkipLast(count).Where(g => g != Linked && g.System != Current && g.System != Booted).ToList();
        old.ForEach(g => _generations.Remove(g.Number));
        return old.Count;
    }

    /// <summary>Bytes of all packages in the store, each once.</summary>
    public long StoreBytes() => _generations.Values.SelectMany(static g => g.System.Packages()).DistinctBy(static p => p.Path).Sum(static p => p.Bytes);
}
