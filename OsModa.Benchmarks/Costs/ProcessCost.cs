namespace OsModa.Benchmarks.Costs;

/// <summary>What the kernel has counted for a process.</summary>
/// <param name="Cpu">Processor time so far, user and system, all threads.</param>
/// <param name="ResidentBytes">RSS.</param>
/// <param name="ProportionalBytes">PSS: memory shared with others is divided among them.</param>
internal sealed record ProcessCost(TimeSpan Cpu, long ResidentBytes, long ProportionalBytes)
{
    private const int TicksPerSecond = 100; // USER_HZ, the same on every Linux that .NET runs on

    /// <summary>Reads /proc; see proc(5).</summary>
    public static ProcessCost Of(int pid)
    {
        var rollup = File.ReadLines($"/proc/{pid}/smaps_rollup").Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(words => words[0], words => long.Parse(words[1]) * 1024, StringComparer.Ordinal);
        return new ProcessCost(CpuOf(pid), rollup["Rss:"], rollup["Pss:"]);
    }

    /// <summary>Processor time so far, user and system, all threads.</summary>
    public static TimeSpan CpuOf(int pid)
    {
        var words = Stat(pid);
        return TimeSpan.FromSeconds((long.Parse(words[11]) + long.Parse(words[12])) / (double)TicksPerSecond);
    }

    /// <summary>Processes that <paramref name="pid"/> started, and theirs, by name of the program.</summary>
    public static IReadOnlyList<(int Pid, string Name)> DescendantsOf(int pid)
    {
        var byParent = Directory.EnumerateDirectories("/proc")
            .Select(Path.GetFileName)
            .Where(name => int.TryParse(name, out _))
            .Select(name => ReadOrNull(int.Parse(name!)))
            .OfType<(int Pid, int Parent, string Name)>()
            .ToLookup(process => process.Parent);
        return [.. Below(pid)];

        IEnumerable<(int, string)> Below(int parent) =>
            byParent[parent].SelectMany(child => Below(child.Pid).Prepend((child.Pid, child.Name)));
    }

    private static (int Pid, int Parent, string Name)? ReadOrNull(int pid)
    {
        try
        {
            return (pid, int.Parse(Stat(pid)[1]), File.ReadAllText($"/proc/{pid}/comm").Trim());
        }
        catch (IOException)
        {
            return null; // ended meanwhile
        }
    }

    // Fields after the program's name, which stands in parentheses and may hold anything: state, parent, …
    private static string[] Stat(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    }
}
