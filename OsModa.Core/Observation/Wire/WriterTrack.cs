using OsModa.Core.Nix;

namespace OsModa.Core.Observation.Wire;

/// <summary>The sets that a writer can enclose.</summary>
internal enum SetKind
{
    None,
    Snapshot,
    Generations,
    Units,
}

/// <summary>A set that is being told.</summary>
internal sealed class OpenSet(SetKind kind, long mono, long frames)
{
    public SetKind Kind => kind;

    public long Mono => mono;

    /// <summary>Frames that the writer had told up to its <c>begin</c>, that one included.</summary>
    public long FramesBefore => frames;

    public List<UnitReport> Units { get; } = [];

    public List<Generation> Generations { get; } = [];
}

/// <summary>Follows one writer of a stream: its count and the sets that it has open.</summary>
internal sealed class WriterTrack
{
    /// <summary>Generations of a set that are kept, those with the highest numbers.</summary>
    public const int GenerationsMost = 1_024;

    // Each unit may be named a few times: by the list, with its properties, with its memory, with its mark.
    private const int ReportsMost = 4 * 4_096;
    private const int DepthMost = 2;

    private readonly Stack<OpenSet> _open = new();
    private long _count;
    private long _frames;

    public bool InUnits => _open.TryPeek(out var set) && set.Kind == SetKind.Units;

    public bool InGenerations => _open.TryPeek(out var set) && set.Kind == SetKind.Generations;

    /// <summary>Takes the count of the writer's next frame. False: frames were lost between.</summary>
    public bool Follows(long count)
    {
        var follows = count == _count + 1 || count == 1;
        if (count == 1)
        {
            _open.Clear();
        }

        _count = count;
        _frames++;
        return follows;
    }

    public bool Begin(ReadOnlySpan<byte> name, long? mono)
    {
        var kind = KindOf(name);
        if (kind == SetKind.None || _open.Count >= DepthMost || mono is not { } at)
        {
            return false;
        }

        _open.Push(new OpenSet(kind, at, _frames));
        return true;
    }

    /// <summary>The set that ends; null when it is another one or not whole.</summary>
    public OpenSet? End(ReadOnlySpan<byte> name, long? count)
    {
        if (!_open.TryPop(out var set))
        {
            return null;
        }

        var between = _frames - set.FramesBefore - 1;
        return set.Kind == KindOf(name) && count == between ? set : null;
    }

    /// <summary>False: there is no room for it, and it is left out.</summary>
    public bool Add(UnitReport report)
    {
        var units = _open.Peek().Units;
        if (units.Count >= ReportsMost)
        {
            return false;
        }

        units.Add(report);
        return true;
    }

    /// <summary>False: there is no room, and the one with the lowest number is left out.</summary>
    public bool Add(Generation generation)
    {
        var generations = _open.Peek().Generations;
        if (generations.Count < GenerationsMost)
        {
            generations.Add(generation);
            return true;
        }

        var lowest = generations.MinBy(static g => g.Number)!;
        if (lowest.Number < generation.Number)
        {
            generations[generations.IndexOf(lowest)] = generation;
        }

        return false;
    }

    private static SetKind KindOf(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("units"u8) => SetKind.Units,
        _ when name.SequenceEqual("generations"u8) => SetKind.Generations,
        _ when name.SequenceEqual("snapshot"u8) => SetKind.Snapshot,
        _ => SetKind.None,
    };
}
