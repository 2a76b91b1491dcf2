using OsModa.Core.Accounts;
using OsModa.Tests.Ledger;
using OsModa.Tests.Storage;
using Xunit;

namespace OsModa.Tests.Accounts;

/// <summary>Support never looks unseen.</summary>
public sealed class SupportViewsTests : IAsyncLifetime
{
    private readonly HandClock _clock = new();
    private TemporaryDatabase _temporary = null!;
    private SupportViews _views = null!;
    private Caller _support = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _temporary = await TemporaryDatabase.OpenAsync();
        _views = new SupportViews(_temporary.Ledger, _clock);
        var someone = await _temporary.CallerAsync(Role.Support);
        _support = (await new Callers(_temporary.Database, _clock).ReadAsync(new SessionClaim(someone.PersonId, someone.OrganisationId, "stamp"), Stop))! with { From = "198.51.100.7" };
    }

    public ValueTask DisposeAsync() => _temporary.DisposeAsync();

    [Fact]
    public async Task A_look_stands_in_the_ledger_with_who_from_where_and_on_whose_behalf()
    {
        var server = Guid.CreateVersion7();

        await _views.SeenAsync(_support, $"/servers/{server:D}/generations");

        var said = Assert.Single(_temporary.LedgerOf(_support.OrganisationId)).Action!;
        Assert.Equal((SupportViews.Verb, "A Support", $"Organisation {_support.OrganisationId}", "198.51.100.7"), (said.Verb, said.Who, said.For, said.From));
        Assert.Equal(server, said.Server);
        Assert.Equal($"/servers/{server:D}/generations", said.Details["page"]);
    }

    [Fact]
    public async Task A_page_is_written_down_once_in_ten_minutes_however_many_parts_of_it_ask()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => _views.SeenAsync(_support, "/ledger").AsTask(), Stop)));
        Assert.Single(_temporary.LedgerOf(_support.OrganisationId));

        _clock.Advance(SupportViews.Again);
        await _views.SeenAsync(_support, "/ledger");
        Assert.Equal(2, _temporary.LedgerOf(_support.OrganisationId).Count);
    }

    [Theory]
    [InlineData(Role.Viewer)]
    [InlineData(Role.Operator)]
    [InlineData(Role.Owner)]
    public async Task Whom_the_organisation_belongs_to_looks_without_an_entry(Role role)
    {
        await _views.SeenAsync(_support with { Role = role }, "/ledger");

        Assert.Empty(_temporary.LedgerOf(_support.OrganisationId));
    }

    [Fact]
    public async Task What_cannot_be_written_down_is_not_shown_and_is_tried_again()
    {
        var ledger = new TestLedger();
        await ledger.DisposeAsync();
        var views = new SupportViews(ledger.Writer, _clock);

        await Assert.ThrowsAnyAsync<Exception>(() => views.SeenAsync(_support, "/ledger").AsTask());
        await Assert.ThrowsAnyAsync<Exception>(() => views.SeenAsync(_support, "/ledger").AsTask());
    }

    [Fact]
    public void Support_may_neither_act_nor_manage() => Assert.Equal((false, false), (_support.MayAct, _support.MayManage));
}
