using OsModa.Core.Comparison;
using Xunit;

namespace OsModa.Tests.Comparison;

public sealed class ReadBeforeTests
{
    private readonly ReadBefore<int, string> _kept = new(most: 3, mostBytes: 10, static value => value.Length);

    [Fact]
    public void What_was_not_looked_at_for_longest_goes_first_when_there_are_too_many()
    {
        Keep(1, 2, 3);
        Assert.NotNull(_kept.Find(1));

        Keep(4);

        Assert.Equal([1, 3, 4], Held());
    }

    [Fact]
    public void As_many_go_as_one_more_needs_the_room_of()
    {
        Keep(1, 2, 3);

        _kept.Keep(4, new string('x', 9));

        Assert.Equal([3, 4], Held());
    }

    [Fact]
    public void What_is_larger_than_all_may_be_together_is_not_kept_and_takes_no_room_from_others()
    {
        Keep(1, 2);

        _kept.Keep(3, new string('x', 11));

        Assert.Equal([1, 2], Held());
    }

    [Fact]
    public void What_is_read_again_takes_the_place_of_what_was_read_before()
    {
        _kept.Keep(1, new string('x', 9));
        _kept.Keep(1, new string('y', 9));
        Keep(2);

        Assert.Equal(new string('y', 9), _kept.Find(1));
        Assert.Equal([1, 2], Held());
    }

    private void Keep(params int[] keys)
    {
        foreach (var key in keys)
        {
            _kept.Keep(key, "x");
        }
    }

    private IEnumerable<int> Held() => Enumerable.Range(1, 4).Where(key => _kept.Find(key) is not null);
}
