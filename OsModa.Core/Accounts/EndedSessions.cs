using Microsoft.EntityFrameworkCore;
using OsModa.Core.Storage;

namespace OsModa.Core.Accounts;

/// <summary>A session that its person signed out of, while a copy of its cookie would still be taken.</summary>
public sealed class EndedSession
{
    public required Guid Id { get; init; }

    /// <summary>From then on no cookie of the session is taken anyway.</summary>
    public required DateTimeOffset ForgetAt { get; init; }
}

/// <summary>
/// Remembers who signed out: a browser throws its cookie away, a copy of it elsewhere does not know. Few and small, so all of them are
/// in memory too, for the question that each request asks; the process that holds the data folder is the only one that adds any.
/// </summary>
public sealed class EndedSessions(Database database, Callers callers, TimeProvider time)
{
    private readonly Lock _lock = new();
    private Task<HashSet<Guid>>? _known;

    public async ValueTask<bool> HasAsync(Guid session)
    {
        var known = await KnownAsync();
        lock (_lock)
        {
            return known.Contains(session);
        }
    }

    /// <summary>From now on nothing is opened by it.</summary>
    /// <param name="claim">Whose and which session; one that has no id is left alone.</param>
    /// <param name="longest">How long a session may last: the cookie is none any more after that.</param>
    public async Task EndAsync(SessionClaim claim, TimeSpan longest)
    {
        if (claim.SessionId is not { } session)
        {
            return;
        }

        var known = await KnownAsync();
        lock (_lock)
        {
            known.Add(session);
        }

        var now = time.GetUtcNow();
        var context = database.OpenForNone();
        await using (context)
        {
            await context.EndedSessions.Where(s => s.ForgetAt < now || s.Id == session).ExecuteDeleteAsync();
            context.EndedSessions.Add(new EndedSession { Id = session, ForgetAt = now + longest });
            await context.SaveChangesAsync();
        }

        callers.Forget(claim.PersonId);
    }

    private Task<HashSet<Guid>> KnownAsync()
    {
        lock (_lock)
        {
            // Read again when the database could not be read.
            return _known is { IsFaulted: false, IsCanceled: false } known ? known : _known = ReadAsync();
        }
    }

    private async Task<HashSet<Guid>> ReadAsync()
    {
        var context = database.OpenForNone();
        await using (context)
        {
            return await context.EndedSessions.Select(s => s.Id).ToHashSetAsync();
        }
    }
}
