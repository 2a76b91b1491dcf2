using Bunit;
using OsModa.Dashboard.Components;
using Xunit;

namespace OsModa.Tests.Components;

public sealed class ClosureMarkTests : BunitContext
{
    [Fact]
    public void The_cells_are_the_first_fifteen_bits_of_the_hash_mirrored()
    {
        // printf abc | sha256sum begins with ba78: 1011 1010 0111 100.
        var cells = ClosureMark.Cells("abc");

        Assert.Equal(
            "M0 0h3v3h-3zM12 0h3v3h-3zM6 0h3v3h-3z" +
            "M0 3h3v3h-3zM12 3h3v3h-3zM3 3h3v3h-3zM9 3h3v3h-3z" +
            "M0 6h3v3h-3zM12 6h3v3h-3z" +
            "M0 9h3v3h-3zM12 9h3v3h-3zM3 9h3v3h-3zM9 9h3v3h-3zM6 9h3v3h-3z" +
            "M0 12h3v3h-3zM12 12h3v3h-3z",
            cells);
    }

    [Fact]
    public void Readers_do_not_hear_it()
    {
        var mark = Render<ClosureMark>(parameters => parameters.Add(m => m.Hash, "abc"));

        Assert.Equal("true", mark.Find("svg").GetAttribute("aria-hidden"));
    }
}
