using OsModa.Core.Comparison.Packages;
using OsModa.Core.Nix;
using Xunit;

namespace OsModa.Tests.Comparison.Packages;

public sealed class ClosureGraphTests
{
    private static readonly StorePath A = Path('a'), B = Path('b'), C = Path('c'), D = Path('d');

    [Fact]
    public void The_shortest_way_counts_also_in_a_ring()
    {
        var graph = ClosureGraph.Of(new Closure(A, [Info(A, B, C), Info(B, C), Info(C, D, A), Info(D)]));

        var reached = graph.Reach([A]);

        Assert.Equal([(A, 0, A), (B, 1, A), (C, 1, A), (D, 2, C)], reached.Select(one => (one.Key, one.Value.Distance, one.Value.Before)).OrderBy(one => one.Key.Text, StringComparer.Ordinal));
    }

    [Fact]
    public void What_the_closure_lacks_leads_nowhere()
    {
        var graph = ClosureGraph.Of(new Closure(A, [Info(A, D), Info(A, D)]));

        Assert.Equal([A], graph.Reach([A, B]).Keys);
        Assert.Empty(ClosureGraph.Empty.Reach([A]));
    }

    private static StorePath Path(char mark) => StorePath.Parse($"/nix/store/{new string(mark, 32)}-p");

    private static StorePathInfo Info(StorePath path, params StorePath[] references) => new(path, 1, [.. references]);
}
