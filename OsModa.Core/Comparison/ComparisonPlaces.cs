using OsModa.Core.Servers;

namespace OsModa.Core.Comparison;

/// <summary>Of comparisons that read from a server: a connection has nine places, and what people do must find one.</summary>
public sealed class ComparisonPlaces() : ServerPlaces(MostAtOnce)
{
    /// <summary>Of one server.</summary>
    public const int MostAtOnce = 2;
}
