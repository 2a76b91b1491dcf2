namespace OsModa.Core.Observation.Wire;

/// <summary>What a stream was made of: for judging a server that sends what is not of the protocol, and for support.</summary>
public sealed class ParserTally
{
    private readonly Dictionary<string, long> _broken = new(StringComparer.Ordinal);

    /// <summary>Lines that were frames of known kinds.</summary>
    public long Frames { get; internal set; }

    /// <summary>Frames of kinds that this version does not know.</summary>
    public long Unknown { get; internal set; }

    /// <summary>Frames that were in order and had no room in their set: a large server, not a broken one.</summary>
    public long LeftOut { get; internal set; }

    /// <summary>Lines dropped, all reasons together.</summary>
    public long Broken { get; private set; }

    /// <summary>Lines dropped, by reason: <c>shape</c>, <c>long</c>, <c>order</c>, <c>boot</c>, <c>fields</c>, <c>json</c>, <c>set</c>.</summary>
    public IReadOnlyDictionary<string, long> BrokenBy => _broken;

    internal void Break(string reason)
    {
        Broken++;
        _broken[reason] = _broken.GetValueOrDefault(reason) + 1;
    }
}
