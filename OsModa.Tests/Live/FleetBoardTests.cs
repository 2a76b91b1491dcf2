using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Dashboard.Live;
using OsModa.Tests.Storage;
using Xunit;

namespace OsModa.Tests.Live;

public sealed class FleetBoardTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HandClock _clock = new();
    private readonly Fleet _fleet = new();
    private readonly SemaphoreSlim _changed = new(0);
    private readonly ServerCard _alpha = Card("alpha"), _beta = Card("beta"), _gamma = Card("gamma");
    private readonly FleetBoard _board;

    public FleetBoardTests()
    {
        _board = new FleetBoard(_fleet, _clock, new ServerList([_alpha, _beta, _gamma], 0), NullLogger.Instance);
        foreach (var card in new[] { _alpha, _beta, _gamma })
        {
            _fleet.Update(card.Id, state => Healthy(state, _clock.GetUtcNow()));
        }
    }

    [Fact]
    public void The_worst_stands_first_then_by_name()
    {
        Fail(_beta);

        _board.Refresh();

        Assert.Equal(["beta", "alpha", "gamma"], Names());
        Assert.Equal(1, _board.View.Count(ServerHealth.Failed));
        Assert.Equal(2, _board.View.Count(ServerHealth.Healthy));
    }

    [Fact]
    public async Task What_matters_is_told_soon()
    {
        using var reading = _board.Read(() => _changed.Release());
        Drain();

        Fail(_gamma);

        await NextAsync();
        Assert.Equal("gamma", _board.View.Rows[0].Server.Name);
    }

    [Fact]
    public async Task Being_heard_again_waits_for_its_turn()
    {
        using var reading = _board.Read(() => _changed.Release());
        Drain();
        var before = _board.View;

        _clock.Advance(TimeSpan.FromMilliseconds(500));
        _fleet.Update(_alpha.Id, state => state with { HeardAt = _clock.GetUtcNow() });
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Same(before, _board.View);

        _clock.Advance(TimeSpan.FromSeconds(2));
        while (_board.View.Rows.Single(row => row.Server == _alpha).State.HeardAt != _fleet[_alpha.Id].HeardAt)
        {
            await NextAsync();
        }
    }

    [Fact]
    public void A_quarter_of_the_servers_has_its_turn_every_half_second()
    {
        ServerCard[] cards = [.. Enumerable.Range(0, 8).Select(n => Card($"s{n}"))];
        Array.ForEach(cards, card => _fleet.Update(card.Id, state => Healthy(state, _clock.GetUtcNow())));
        _board.Show(new ServerList([.. cards], 1));
        var turns = new List<string>();
        for (var turn = 0; turn < 4; turn++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(500));
            Array.ForEach(cards, card => _fleet.Update(card.Id, state => state with { HeardAt = _clock.GetUtcNow() }));
            _board.Refresh();
            turns.Add(string.Join(' ', _board.View.Rows.Where(row => row.State.HeardAt == _clock.GetUtcNow()).Select(row => row.Server.Name)));
        }

        Assert.Equal(4, turns.Distinct().Count());
        Assert.Equal(cards.Select(card => card.Name), turns.SelectMany(turn => turn.Split(' ')).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_line_that_did_not_change_is_the_same_object()
    {
        _board.Refresh();
        var alpha = _board.View.Rows.Single(row => row.Server == _alpha);

        Fail(_beta);
        _board.Refresh();

        Assert.Same(alpha, _board.View.Rows.Single(row => row.Server == _alpha));
    }

    [Fact]
    public void Servers_come_and_go()
    {
        _board.Refresh();

        _board.Show(new ServerList([_gamma, Card("delta")], 1));

        Assert.Equal(["delta", "gamma"], Names());    // nothing is known of delta yet: that needs a look before what is well
    }

    [Fact]
    public void A_list_that_was_read_before_the_one_that_is_shown_does_not_take_servers_away_again()
    {
        _board.Show(new ServerList([_alpha, _beta, _gamma, Card("delta")], 6));

        _board.Show(new ServerList([_alpha, _beta, _gamma], 5));

        Assert.Equal(4, _board.View.Rows.Length);
    }

    [Fact]
    public async Task What_is_read_while_servers_change_is_known_to_be_older_than_what_is_read_after()
    {
        await using var temporary = await TemporaryDatabase.OpenAsync();
        var (ann, directory) = (await temporary.CallerAsync(), new ServerDirectory(temporary.Database));
        using var book = new ServerBook(directory);
        Task<ServerList>? after = null;
        book.Subscribe(_ => after = book.ListAsync(ann, Xunit.TestContext.Current.CancellationToken));

        var before = await book.ListAsync(ann, Xunit.TestContext.Current.CancellationToken);
        directory.Announce(new ServerChange(ServerChangeKind.Added, ServerId.New(), ann.OrganisationId));

        Assert.True(before.AsOf < (await after!).AsOf);
        Assert.Equal(await after, await book.ListAsync(ann, Xunit.TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_filter_takes_state_tag_and_text_together()
    {
        var row = FleetRow.Of(_alpha with { Tags = ["production"] }, _fleet[_alpha.Id]);

        Assert.True(row.Matches(FleetFilter.Parse("healthy", "production", "ALP")));
        Assert.False(row.Matches(FleetFilter.Parse("failed", "production", "ALP")));
        Assert.False(row.Matches(FleetFilter.Parse("healthy", "edge", "ALP")));
        Assert.False(row.Matches(FleetFilter.Parse("healthy", "production", "beta")));
        Assert.True(row.Matches(FleetFilter.Parse("no such state", null, "  ")));
    }

    public void Dispose()
    {
        _board.Dispose();
        _changed.Dispose();
    }

    private static ServerCard Card(string name) => new(ServerId.New(), Guid.Empty, name, name + ".example.org", [], DateTimeOffset.UnixEpoch);

    private static ServerState Healthy(ServerState state, DateTimeOffset now) => state with
    {
        Reach = Reach.Live,
        HeardAt = now,
        Units = new[] { new UnitState { Name = UnitName.Parse("nginx.service"), Health = UnitHealth.Healthy } }.ToImmutableSortedDictionary(unit => unit.Name, unit => unit),
    };

    private void Fail(ServerCard card) => _fleet.Update(card.Id, state => state with
    {
        Units = state.Units.SetItem(UnitName.Parse("nginx.service"), new UnitState { Name = UnitName.Parse("nginx.service"), Health = UnitHealth.Failed }),
    });

    private IEnumerable<string> Names() => _board.View.Rows.Select(row => row.Server.Name);

    private void Drain()
    {
        while (_changed.Wait(0, Xunit.TestContext.Current.CancellationToken))
        {
        }
    }

    private async Task NextAsync() => Assert.True(await _changed.WaitAsync(Patience, Xunit.TestContext.Current.CancellationToken));
}
