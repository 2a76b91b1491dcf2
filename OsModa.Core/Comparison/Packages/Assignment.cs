namespace OsModa.Core.Comparison.Packages;

/// <summary>Gives each row a column of its own so that the costs of all together are least: the Hungarian method with potentials, n²·m steps.</summary>
internal static class Assignment
{
    /// <param name="cost">No more rows than columns.</param>
    /// <returns>The column of each row.</returns>
    public static int[] Cheapest(long[,] cost)
    {
        var (rows, columns) = (cost.GetLength(0), cost.GetLength(1));
        if (rows > columns)
        {
            throw new ArgumentException($"{rows} rows cannot each have one of {columns} columns: turn the matrix.", nameof(cost));
        }

        // Rows and columns count from 1: row 0 and column 0 stand for "none".
        var rowPrice = new long[rows + 1];
        var columnPrice = new long[columns + 1];
        var rowOf = new int[columns + 1];
        var cameFrom = new int[columns + 1];
        var least = new long[columns + 1];
        var done = new bool[columns + 1];
        for (var row = 1; row <= rows; row++)
        {
            Array.Fill(least, long.MaxValue);
            Array.Clear(done);
            rowOf[0] = row;
            var column = 0;
            do
            {
                done[column] = true;
                var (delta, next) = (long.MaxValue, 0);
                for (var other = 1; other <= columns; other++)
                {
                    if (done[other])
                    {
                        continue;
                    }

                    var reduced = cost[rowOf[column] - 1, other - 1] - rowPrice[rowOf[column]] - columnPrice[other];
                    if (reduced < least[other])
                    {
                        (least[other], cameFrom[other]) = (reduced, column);
                    }

                    if (least[other] < delta)
                    {
                        (delta, next) = (least[other], other);
                    }
                }

                for (var other = 0; other <= columns; other++)
                {
                    if (done[other])
                    {
                        rowPrice[rowOf[other]] += delta;
                        columnPrice[other] -= delta;
                    }
                    else
                    {
                        least[other] -= delta;
                    }
                }

                column = next;
            }
            while (rowOf[column] != 0);

            // Along the way back each column passes to the row that reached it.
            for (; column != 0; column = cameFrom[column])
            {
                rowOf[column] = rowOf[cameFrom[column]];
            }
        }

        var columnOf = new int[rows];
        for (var column = 1; column <= columns; column++)
        {
            if (rowOf[column] != 0)
            {
                columnOf[rowOf[column] - 1] = column - 1;
            }
        }

        return columnOf;
    }
}
