using OsModa.Core.Accounts;
using OsModa.Tests.Storage;
using Xunit;

namespace OsModa.Tests.Accounts;

public sealed class SignInTriesTests : IAsyncLifetime
{
    private const string Ada = "ADA@EXAMPLE.ORG", Here = "192.0.2.7", Elsewhere = "198.51.100.7";
    private readonly HandClock _clock = new();
    private TemporaryDatabase _temporary = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _temporary = await TemporaryDatabase.OpenAsync();

    public ValueTask DisposeAsync() => _temporary.DisposeAsync();

    [Fact]
    public async Task Ten_tries_are_followed_by_a_pause_of_five_minutes_and_then_by_ten_more()
    {
        Assert.Equal(Enumerable.Range(1, 10), await TakeAsync(10));
        Assert.Null(await Tries.TakeAsync(Ada, Here, Stop));

        _clock.Advance(SignInTries.Pause - TimeSpan.FromSeconds(1));
        Assert.Null(await Tries.TakeAsync(Ada, Here, Stop));

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Enumerable.Range(11, 10), await TakeAsync(10));
        Assert.Null(await Tries.TakeAsync(Ada, Here, Stop));
    }

    [Fact]
    public async Task A_pause_is_for_one_account_in_one_network()
    {
        await TakeAsync(10);

        Assert.Null(await Tries.TakeAsync(Ada, Here, Stop));
        Assert.Equal(1, await Tries.TakeAsync(Ada, Elsewhere, Stop));
        Assert.Equal(1, await Tries.TakeAsync("BOB@EXAMPLE.ORG", Here, Stop));
    }

    [Fact]
    public async Task A_network_begins_anew_after_getting_in_and_after_a_quiet_day()
    {
        await TakeAsync(4);
        await Tries.ForgetAsync(Ada, Here, Stop);
        Assert.Equal([1, 2], await TakeAsync(2));

        _clock.Advance(SignInTries.Memory + TimeSpan.FromSeconds(1));
        Assert.Equal(1, await Tries.TakeAsync(Ada, Here, Stop));
    }

    [Theory]
    [MemberData(nameof(TemporaryDatabase.Kinds), MemberType = typeof(TemporaryDatabase))]
    public async Task Of_many_tries_at_once_no_more_than_ten_are_let_through(DatabaseKind kind)
    {
        await using var temporary = await TemporaryDatabase.OpenAsync(kind);
        var tries = new SignInTries(temporary.Database, _clock);

        var taken = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => Task.Run(() => tries.TakeAsync(Ada, Here, Stop), Stop)));

        Assert.Equal(10, taken.Count(count => count is not null));
    }

    // A new one each time: what it counts is in the database, so that a restart ends no pause.
    private SignInTries Tries => new(_temporary.Database, _clock);

    private async Task<List<int>> TakeAsync(int count)
    {
        var taken = new List<int>();
        for (var i = 0; i < count; i++)
        {
            taken.Add(await Tries.TakeAsync(Ada, Here, Stop) ?? 0);
        }

        return taken;
    }
}
