using OsModa.Dashboard.Live;
using Xunit;

namespace OsModa.Tests.Live;

public sealed class SteadyOrderTests
{
    private readonly SteadyOrder<string, string> _order = new(item => item);

    [Fact]
    public void Without_a_hand_on_it_the_list_stands_as_it_should()
    {
        _order.Arrange(["a", "b", "c"]);

        Assert.Equal(["c", "a", "b"], _order.Arrange(["c", "a", "b"]));
    }

    [Fact]
    public void While_held_nothing_moves_and_what_is_new_comes_last()
    {
        _order.Arrange(["a", "b", "c"]);
        _order.Held = true;

        Assert.Equal(["a", "b", "c", "n"], _order.Arrange(["n", "c", "b", "a"]));
    }

    [Fact]
    public void While_held_what_is_gone_goes()
    {
        _order.Arrange(["a", "b", "c"]);
        _order.Held = true;

        Assert.Equal(["a", "c"], _order.Arrange(["c", "a"]));
    }

    [Fact]
    public void Let_go_the_due_order_comes()
    {
        _order.Arrange(["a", "b", "c"]);
        _order.Held = true;
        _order.Arrange(["c", "b", "a"]);
        _order.Held = false;

        Assert.Equal(["c", "b", "a"], _order.Arrange(["c", "b", "a"]));
    }
}
