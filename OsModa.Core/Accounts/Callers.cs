using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Storage;

namespace OsModa.Core.Accounts;

/// <summary>What a session claims: who, in which organisation, and the stamp that changes with the person's password.</summary>
/// <param name="PersonId">Who signed in.</param>
/// <param name="OrganisationId">The organisation that was chosen; null for the first one by name.</param>
/// <param name="Stamp">Identity's security stamp at sign-in.</param>
public sealed record SessionClaim(Guid PersonId, Guid? OrganisationId, string Stamp)
{
    /// <summary>Which of the person's sessions; null where none is told apart.</summary>
    public Guid? SessionId { get; init; }
}

/// <summary>
/// Turns a session's claim into a caller with the rights of this moment. What was read is used for a few seconds, so that a
/// busy page does not ask the database at each click; verbs that change rights call <see cref="Forget"/>, which makes it at once.
/// </summary>
public sealed class Callers(Database database, TimeProvider time)
{
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<SessionClaim, (Caller? Caller, long ReadAt)> _read = new();

    /// <summary>Null when the person is gone, belongs to no organisation, has a new password since, or has signed out of this session.</summary>
    public async ValueTask<Caller?> ReadAsync(SessionClaim claim, CancellationToken cancellationToken)
    {
        var now = time.GetTimestamp();
        if (_read.TryGetValue(claim, out var known) && time.GetElapsedTime(known.ReadAt, now) < Fresh)
        {
            return known.Caller;
        }

        var caller = await ReadFromDatabaseAsync(claim, cancellationToken);
        DropOld(now);
        _read[claim] = (caller, now);
        return caller;
    }

    /// <summary>The organisations a person belongs to, by name.</summary>
    public async Task<IReadOnlyList<Organisation>> OrganisationsOfAsync(Guid personId, CancellationToken cancellationToken)
    {
        var context = database.OpenForAll();
        await using (context)
        {
            return await context.Memberships.Where(m => m.PersonId == personId)
                .Join(context.Organisations, m => m.OrganisationId, o => o.Id, (_, o) => o)
                .OrderBy(o => o.Name).ThenBy(o => o.Id)
                .AsNoTracking().ToListAsync(cancellationToken);
        }
    }

    /// <summary>The next call reads the person's rights anew.</summary>
    public void Forget(Guid personId)
    {
        foreach (var claim in _read.Keys.Where(c => c.PersonId == personId))
        {
            _read.TryRemove(claim, out _);
        }
    }

    private async Task<Caller?> ReadFromDatabaseAsync(SessionClaim claim, CancellationToken cancellationToken)
    {
        var context = database.OpenForAll();
        await using (context)
        {
            var standings = await context.Memberships.Where(m => m.PersonId == claim.PersonId)
                .Join(context.Organisations, m => m.OrganisationId, o => o.Id, (m, o) => new { m.OrganisationId, m.Role, Organisation = o.Name })
                .Join(context.Users.Where(p => p.Id == claim.PersonId && p.SecurityStamp == claim.Stamp && !context.EndedSessions.Any(s => s.Id == claim.SessionId)), _ => claim.PersonId, p => p.Id, (m, p) => new { m.OrganisationId, m.Role, m.Organisation, p.Name })
                .OrderBy(m => m.Organisation).ThenBy(m => m.OrganisationId)
                .ToListAsync(cancellationToken);
            var standing = standings.Find(s => s.OrganisationId == claim.OrganisationId) ?? standings.FirstOrDefault();
            return standing is null ? null : new Caller(claim.PersonId, standing.Name, standing.OrganisationId, standing.Role)
            {
                OnBehalfOf = standing.Role == Role.Support ? standing.Organisation : "",
            };
        }
    }

    private void DropOld(long now)
    {
        foreach (var (claim, read) in _read)
        {
            if (time.GetElapsedTime(read.ReadAt, now) >= Fresh)
            {
                _read.TryRemove(claim, out _);
            }
        }
    }
}
