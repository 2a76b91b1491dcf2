using OsModa.Core.Ledger.Tree;
using Xunit;

namespace OsModa.Tests.Ledger.Tree;

public sealed class TileIdTests
{
    [Theory]
    [InlineData(0, 0L, 256, "tile/0/000")]
    [InlineData(0, 1_234_067L, 256, "tile/0/x001/x234/067")]    // the example of tlog-tiles
    [InlineData(1, 1_005_067L, 3, "tile/1/x001/x005/067.p/3")]
    [InlineData(63, 999L, 255, "tile/63/999.p/255")]
    [InlineData(TileId.Entries, 1_000L, 256, "tile/entries/x001/000")]
    [InlineData(TileId.Entries, 273L, 112, "tile/entries/273.p/112")]
    [InlineData(0, 999_999_999_999L, 256, "tile/0/x999/x999/x999/999")]
    public void A_tile_has_one_path(int level, long index, int width, string path)
    {
        Assert.Equal(path, new TileId(level, index, width).Path);
        Assert.True(TileId.TryParse(path, out var tile));
        Assert.Equal(new TileId(level, index, width), tile);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("tile")]
    [InlineData("tile/0")]
    [InlineData("tile/0/")]
    [InlineData("tile/00/000")]
    [InlineData("tile/64/000")]
    [InlineData("tile/-1/000")]
    [InlineData("tile/0/0")]
    [InlineData("tile/0/1000")]
    [InlineData("tile/0/001/000")]
    [InlineData("tile/0/x000/001")]
    [InlineData("tile/0/x001")]
    [InlineData("tile/0/000.p/0")]
    [InlineData("tile/0/000.p/01")]
    [InlineData("tile/0/000.p/256")]
    [InlineData("tile/0/000.p")]
    [InlineData("tile/0/000/1")]
    [InlineData("/tile/0/000")]
    [InlineData("tile/0/../000")]
    [InlineData("tile/0/x999/x999/x999/x999/x999/x999/x999/999")]
    [InlineData("checkpoint")]
    public void Other_paths_are_refused(string? path) => Assert.False(TileId.TryParse(path, out _));

    /// <summary>Both trees that are counted out in the specification.</summary>
    [Fact]
    public void A_tree_of_seventy_thousand_has_the_tiles_that_the_specification_counts()
    {
        var tiles = TileId.OfTree(70_000).ToList();

        Assert.Equal(273, tiles.Count(t => t is { Level: 0, IsFull: true }));
        Assert.Equal(1, tiles.Count(t => t is { Level: 1, IsFull: true }));
        Assert.Equal([new TileId(0, 273, 112), new TileId(1, 1, 17), new TileId(2, 0, 1)], tiles.Where(t => !t.IsFull));
        Assert.Equal([new TileId(0, 0, 256), new TileId(1, 0, 1)], TileId.OfTree(256));
        Assert.Empty(TileId.OfTree(0));
    }
}
