using OsModa.Core.Nix;

namespace OsModa.Core.Comparison.Packages;

/// <summary>Which path of a closure names which. Numbers instead of paths, so that it is small enough to be kept with each comparison.</summary>
public sealed class ClosureGraph
{
    private readonly Dictionary<StorePath, int> _numbers = [];
    private readonly StorePath[] _paths;
    private readonly int[][] _references;

    private ClosureGraph(IReadOnlyList<StorePathInfo> infos)
    {
        foreach (var info in infos)
        {
            _numbers.TryAdd(info.Path, _numbers.Count);
        }

        _paths = [.. _numbers.OrderBy(one => one.Value).Select(one => one.Key)];
        _references = new int[_paths.Length][];
        foreach (var info in infos)
        {
            _references[_numbers[info.Path]] = [.. info.References.Where(_numbers.ContainsKey).Select(path => _numbers[path])];
        }
    }

    /// <summary>Of a closure of which nobody told the references.</summary>
    public static ClosureGraph Empty { get; } = new([]);

    /// <summary>How much memory it takes, about: of each path its text and its places in the tables, of each reference its number.</summary>
    internal long Bytes => _paths.Sum(path => 160 + (2L * path.Text.Length)) + _references.Sum(numbers => 4L * numbers.Length);

    public static ClosureGraph Of(Closure closure) => new(closure.Paths);

    /// <summary>All paths that the given ones need, each with the length of the shortest way to it and the path before it on that way.</summary>
    /// <param name="starts">They are at distance 0; those that the closure lacks are left out.</param>
    public Dictionary<StorePath, (int Distance, StorePath Before)> Reach(IEnumerable<StorePath> starts)
    {
        var reached = new Dictionary<StorePath, (int Distance, StorePath Before)>();
        var open = new Queue<int>();
        foreach (var start in starts)
        {
            if (_numbers.TryGetValue(start, out var number) && reached.TryAdd(start, (0, start)))
            {
                open.Enqueue(number);
            }
        }

        while (open.TryDequeue(out var number))
        {
            var path = _paths[number];
            foreach (var next in _references[number])
            {
                if (reached.TryAdd(_paths[next], (reached[path].Distance + 1, path)))
                {
                    open.Enqueue(next);
                }
            }
        }

        return reached;
    }
}
