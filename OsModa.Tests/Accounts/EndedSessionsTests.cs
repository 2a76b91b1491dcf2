using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Tests.Storage;
using Xunit;

namespace OsModa.Tests.Accounts;

public sealed class EndedSessionsTests : IAsyncLifetime
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);
    private readonly HandClock _clock = new();
    private TemporaryDatabase _temporary = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _temporary = await TemporaryDatabase.OpenAsync();

    public ValueTask DisposeAsync() => _temporary.DisposeAsync();

    [Fact]
    public async Task A_session_that_was_ended_is_nobodys_at_once_and_after_a_restart_and_the_persons_others_go_on()
    {
        var person = await _temporary.CallerAsync();
        var callers = new Callers(_temporary.Database, _clock);
        var ended = new SessionClaim(person.PersonId, null, "stamp") { SessionId = Guid.NewGuid() };
        var other = ended with { SessionId = Guid.NewGuid() };
        Assert.NotNull(await callers.ReadAsync(ended, Stop));

        await new EndedSessions(_temporary.Database, callers, _clock).EndAsync(ended, Week);

        Assert.Null(await callers.ReadAsync(ended, Stop));
        Assert.NotNull(await callers.ReadAsync(other, Stop));
        var restarted = new EndedSessions(_temporary.Database, callers, _clock);
        Assert.True(await restarted.HasAsync(ended.SessionId!.Value));
        Assert.False(await restarted.HasAsync(other.SessionId!.Value));
    }

    [Fact]
    public async Task What_no_cookie_can_name_any_more_is_forgotten()
    {
        var sessions = new EndedSessions(_temporary.Database, new Callers(_temporary.Database, _clock), _clock);
        await sessions.EndAsync(Claim(), Week);
        _clock.Advance(Week + TimeSpan.FromSeconds(1));
        await sessions.EndAsync(Claim(), Week);
        await sessions.EndAsync(new SessionClaim(Guid.NewGuid(), null, "stamp"), Week);

        await using var context = _temporary.Database.OpenForNone();
        Assert.Equal(1, await context.EndedSessions.CountAsync(Stop));
    }

    private static SessionClaim Claim() => new(Guid.NewGuid(), null, "stamp") { SessionId = Guid.NewGuid() };
}
