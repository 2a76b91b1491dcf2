using FsCheck;
using FsCheck.Fluent;
using OsModa.Core.Comparison.Packages;
using Xunit;

namespace OsModa.Tests.Comparison.Packages;

public sealed class AssignmentTests
{
    [Fact]
    public void No_other_assignment_is_cheaper()
    {
        var matrices = Gen.Choose(1, 4).SelectMany(rows => Gen.Choose(rows, 5).SelectMany(columns =>
            Gen.Choose(0, 9).Array2DOf(rows, columns)));
        Prop.ForAll(matrices.ToArbitrary(), small =>
            {
                var cost = new long[small.GetLength(0), small.GetLength(1)];
                Array.Copy(small, cost, small.Length);

                var columns = Assignment.Cheapest(cost);

                Assert.Equal(columns.Length, columns.Distinct().Count());
                Assert.Equal(CheapestOfAll(cost, 0, 0), columns.Select((column, row) => cost[row, column]).Sum());
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Fact]
    public void More_rows_than_columns_are_refused() => Assert.Throws<ArgumentException>(() => Assignment.Cheapest(new long[2, 1]));

    private static long CheapestOfAll(long[,] cost, int row, int taken)
    {
        if (row == cost.GetLength(0))
        {
            return 0;
        }

        var least = long.MaxValue;
        for (var column = 0; column < cost.GetLength(1); column++)
        {
            if ((taken & (1 << column)) == 0)
            {
                least = Math.Min(least, cost[row, column] + CheapestOfAll(cost, row + 1, taken | (1 << column)));
            }
        }

        return least;
    }
}
