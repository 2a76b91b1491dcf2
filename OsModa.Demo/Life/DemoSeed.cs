using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using OsModa.Core;
using OsModa.Core.Accounts;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Storage;
using OsModa.Demo.Machines;

namespace OsModa.Demo.Life;

/// <summary>An account of the demo, for the terminal.</summary>
public sealed record DemoAccount(string Organisation, Role Role, string Name, string Email);

/// <summary>Enters the simulated organisations, their people and their servers in the dashboard's database.</summary>
public sealed class DemoSeed(DemoSettings settings, DemoFleet fleet, Database database, CreateOrganisation createOrganisation, AddPerson addPerson, TimeProvider time)
{
    private const int PasswordGroups = 4;

    /// <summary>Whom people can sign in as.</summary>
    public static ImmutableArray<DemoAccount> Accounts { get; } =
    [
        new(Outlines.Harbour, Role.Owner, "Mara Lindqvist", "owner@harbour.example"),
        new(Outlines.Harbour, Role.Operator, "Jonas Okafor", "operator@harbour.example"),
        new(Outlines.Harbour, Role.Viewer, "Ines Duarte", "viewer@harbour.example"),
        new(Outlines.Kelp, Role.Owner, "Theo Brandt", "owner@kelp.example"),
    ];

    /// <summary>Somebody who works there too, whom nobody signs in as.</summary>
    public static DemoAccount Colleague { get; } = new(Outlines.Harbour, Role.Operator, "Noor Haddad", "noor@harbour.example");

    /// <summary>Enters what is missing.</summary>
    /// <returns>The password of all accounts; null when they were there already, with the one they were made with.</returns>
    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        var password = await OrganisationsAsync(cancellationToken);
        await ServersAsync(cancellationToken);
        if (password is not null)
        {
            await PastAsync(cancellationToken);
        }

        return password;
    }

    private async Task<string?> OrganisationsAsync(CancellationToken cancellationToken)
    {
        var context = database.OpenForAll();
        await using (context)
        {
            if (await context.Organisations.AnyAsync(cancellationToken))
            {
                return null;
            }
        }

        var password = settings.Password ?? NewPassword();
        foreach (var accounts in Accounts.GroupBy(static a => a.Organisation))
        {
            var organisation = Value(await createOrganisation.RunAsync(accounts.Key, cancellationToken));
            foreach (var account in accounts)
            {
                _ = Value(await addPerson.RunAsync(organisation.Id, new NewPerson(account.Name, account.Email, password), account.Role, cancellationToken));
            }

            if (Colleague.Organisation == organisation.Name)
            {
                _ = Value(await addPerson.RunAsync(organisation.Id, new NewPerson(Colleague.Name, Colleague.Email, NewPassword()), Colleague.Role, cancellationToken));
            }
        }

        return password;
    }

    private async Task ServersAsync(CancellationToken cancellationToken)
    {
        var context = database.OpenForAll();
        await using (context)
        {
            var organisations = await context.Organisations.ToDictionaryAsync(static o => o.Name, static o => o.Id, cancellationToken);
            var known = (await context.Servers.Select(static s => s.Id).ToListAsync(cancellationToken)).ToHashSet();
            var now = time.GetUtcNow();
            context.Servers.AddRange(fleet.Outline
                .Where(outline => !known.Contains(outline.Id) && organisations.ContainsKey(outline.Organisation))
                .Select(outline => Row(outline, organisations[outline.Organisation], now)));
            await context.SaveChangesAsync(cancellationToken);
        }
    }

    // Not where people have worked before: their history is the true one.
    private async Task PastAsync(CancellationToken cancellationToken)
    {
        var context = database.OpenForAll();
        await using (context)
        {
            var people = (await context.Users.Join(context.Memberships, p => p.Id, m => m.PersonId, (p, m) => new { p.Id, p.Name, m.OrganisationId, m.Role }).ToListAsync(cancellationToken))
                .Where(static p => p.Role != Role.Viewer).OrderBy(static p => p.Name, StringComparer.Ordinal).ToLookup(static p => p.OrganisationId, static p => (p.Id, p.Name));
            var servers = await context.Servers.AsNoTracking().ToDictionaryAsync(static s => s.Id, static s => s.OrganisationId, cancellationToken);
            var past = fleet.Named.Where(s => servers.ContainsKey(s.Id)).SelectMany(s => new PastOperations(s, servers[s.Id], [.. people[servers[s.Id]]]).Make()).ToList();
            context.Operations.AddRange(past);
            context.Quarantines.AddRange(past.Where(static o => o.GivenUp is not null).DistinctBy(static o => (o.OrganisationId, o.GivenUp)).Select(Quarantined));
            await context.SaveChangesAsync(cancellationToken);
        }
    }

    private static Quarantine Quarantined(Operation operation) => new()
    {
        Id = Guid.CreateVersion7(operation.StartedAt),
        OrganisationId = operation.OrganisationId,
        System = operation.GivenUp!,
        ServerId = operation.ServerId,
        Generation = operation.TargetGeneration,
        OperationId = operation.Id,
        Reason = WatchRecord.Read(operation.Watched).Reason ?? operation.Outcome,
        At = operation.StartedAt,
    };

    internal static Server Row(ServerOutline outline, Guid organisation, DateTimeOffset now)
    {
        var added = now.AddDays(-outline.AddedDaysAgo);
        var key = DemoHostKey.Of(outline.Name, 0);
        return new Server
        {
            Id = outline.Id,
            OrganisationId = organisation,
            Name = outline.Name,
            Address = outline.Address,
            Login = LoginName.Root.Text,
            Tags = [.. outline.Tags],
            AddedAt = added,
            Simulated = true,
            HostKeys = [new PinnedHostKey { Type = key.Type, Key = key.Key, Fingerprint = key.Fingerprint, AcceptedAt = added, AcceptedBy = Accounts.First(a => a.Organisation == outline.Organisation).Name }],
        };
    }

    // Four groups of four letters and digits: 80 bits, easy to type.
    private static string NewPassword() =>
        string.Join('-', Enumerable.Range(0, PasswordGroups).Select(static _ => RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", 4)));

    private static T Value<T>(Result<T> result)
        where T : class =>
        result.Value ?? throw new InvalidOperationException(string.Join(' ', result.Errors.ByField.Values));
}
