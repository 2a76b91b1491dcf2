using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Nix;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Operations;

/// <summary>What was done to servers, newest first; rows only ever come, none goes.</summary>
public sealed class OperationHistory(Database database)
{
    public const int PageSize = 50;

    /// <summary>Rows that marks are worked out from: more than a person remembers.</summary>
    private const int MarkRows = 500;

    /// <summary>As many as a plot has room for.</summary>
    private const int PlotRows = 60;

    /// <summary>The newest of one server; empty for a server that is not of the caller's organisation.</summary>
    public Task<IReadOnlyList<Operation>> OfServerAsync(Caller caller, ServerId server, int take = PageSize, CancellationToken cancellationToken = default) =>
        ReadAsync(caller, rows => rows.Where(o => o.ServerId == server), take, cancellationToken);

    /// <summary>The newest of the organisation.</summary>
    public Task<IReadOnlyList<Operation>> AllAsync(Caller caller, int take = PageSize, CancellationToken cancellationToken = default) =>
        ReadAsync(caller, rows => rows, take, cancellationToken);

    /// <summary>The newest of the organisation that are asked for.</summary>
    public async Task<IReadOnlyList<Operation>> AllAsync(Caller caller, OperationFilter filter, int take = PageSize, CancellationToken cancellationToken = default)
    {
        var who = filter.Who.Length > 0 ? await AuthorsAsync(caller, filter.Who, cancellationToken) : null;
        return await ReadAsync(caller, rows =>
        {
            rows = filter.Server is { } server ? rows.Where(o => o.ServerId == server) : rows;
            rows = filter.From is { } from ? rows.Where(o => o.StartedAt >= from) : rows;
            rows = filter.Until is { } until ? rows.Where(o => o.StartedAt < until) : rows;
            return who is null ? rows : rows.Where(o => who.Contains(o.AuthorName));
        }, take, cancellationToken);
    }

    /// <summary>One operation; null when the organisation has no such one.</summary>
    public async Task<Operation?> FindAsync(Caller caller, Guid operation, CancellationToken cancellationToken = default) =>
        (await ReadAsync(caller, rows => rows.Where(o => o.Id == operation), 1, cancellationToken)).SingleOrDefault();

    /// <summary>The open operation of a server, if there is one.</summary>
    public async Task<Operation?> OpenOfAsync(Caller caller, ServerId server, CancellationToken cancellationToken = default) =>
        (await ReadAsync(caller, rows => rows.Where(o => o.ServerId == server && (o.State == OperationState.Intended || o.State == OperationState.Running)), 1, cancellationToken)).SingleOrDefault();

    /// <summary>Systems of a server that are marked bad, by store path.</summary>
    public async Task<ImmutableDictionary<string, GenerationMark>> MarksAsync(Caller caller, ServerId server, CancellationToken cancellationToken = default) =>
        GenerationMark.From(await ReadAsync(caller, rows => rows.Where(o => o.ServerId == server && (o.Kind == OperationKind.RollBack || o.Kind == OperationKind.Deploy || o.Kind == OperationKind.StandingWatch)), MarkRows, cancellationToken));

    /// <summary>Systems of a server that count as known-good, by store path, with since when.</summary>
    public async Task<ImmutableDictionary<string, DateTimeOffset>> KnownGoodAsync(Caller caller, ServerId server, CancellationToken cancellationToken = default) =>
        (await ReadAsync(caller, rows => rows.Where(o => o.ServerId == server && o.KnownGoodAt != null), MarkRows, cancellationToken))
            .GroupBy(o => o.TargetSystem, StringComparer.Ordinal).ToImmutableDictionary(same => same.Key, same => same.Max(o => o.KnownGoodAt!.Value), StringComparer.Ordinal);

    /// <summary>A server is not to fall below a target by itself: it has proved itself there, and what runs now has not.</summary>
    public async Task<bool> IsFloorAsync(Caller caller, ServerId server, StorePath target, StorePath runs, CancellationToken cancellationToken)
    {
        var good = await KnownGoodAsync(caller, server, cancellationToken);
        return good.ContainsKey(target.Text) && !good.ContainsKey(runs.Text);
    }

    /// <summary>What SafeSwitch watched, of the whole organisation: deployments, rollbacks, drills, and what standing watches took back.</summary>
    public Task<IReadOnlyList<Operation>> RunsAsync(Caller caller, int take = PageSize, CancellationToken cancellationToken = default) =>
        ReadAsync(caller, rows => rows.Where(o => o.Kind != OperationKind.Elsewhere && !o.OnlyNextBoot), take, cancellationToken);

    /// <summary>The newest runs that went back and were measured.</summary>
    public Task<IReadOnlyList<Operation>> RecoveriesAsync(Caller caller, CancellationToken cancellationToken = default) =>
        ReadAsync(caller, rows => rows.Where(o => o.Noticed != null && o.Decided != null && o.SwitchedBack != null && o.Recovered != null), PlotRows, cancellationToken);

    /// <summary>How long rollbacks of this server usually take on it: the median of its last nine; null when there were none.</summary>
    public async Task<TimeSpan?> UsualAsync(Caller caller, ServerId server, CancellationToken cancellationToken = default)
    {
        var times = (await ReadAsync(caller, rows => rows.Where(o => o.ServerId == server && o.Kind == OperationKind.RollBack && o.State == OperationState.Verified && o.Took != null && !o.OnlyNextBoot), 9, cancellationToken))
            .Select(o => o.Took!.Value).Order().ToList();
        return times.Count == 0 ? null : times[times.Count / 2];
    }

    // Databases do not agree on what is the same letter; there are as many names as people.
    private async Task<List<string>> AuthorsAsync(Caller caller, string has, CancellationToken cancellationToken)
    {
        var context = database.OpenFor(caller);
        await using (context)
        {
            var all = await context.Operations.Select(o => o.AuthorName).Distinct().ToListAsync(cancellationToken);
            return [.. all.Where(name => name.Contains(has, StringComparison.OrdinalIgnoreCase))];
        }
    }

    private async Task<IReadOnlyList<Operation>> ReadAsync(Caller caller, Func<IQueryable<Operation>, IQueryable<Operation>> choose, int take, CancellationToken cancellationToken)
    {
        var context = database.OpenFor(caller);
        await using (context)
        {
            return await choose(context.Operations.AsNoTracking()).OrderByDescending(o => o.StartedAt).ThenByDescending(o => o.Id).Take(take).ToListAsync(cancellationToken);
        }
    }
}
