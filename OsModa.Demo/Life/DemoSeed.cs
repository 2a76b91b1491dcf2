using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
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
public sealed class DemoSeed(DemoSettings settings, DemoFleet fleet, Database database, CreateOrganisation createOrganisation, IPasswordHasher<Person> hasher, TimeProvider time)
{
    private const int PasswordGroups = 4;
    private readonly HashedOnce _hasher = new(hasher);
    private readonly string _password = settings.Password ?? NewPassword();

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

    /// <summary>What takes long and needs no database: the fleet is made with this object, and the password is hashed here.</summary>
    public void Prepare() => _hasher.HashPassword(new Person { Name = "" }, _password);

    /// <summary>Enters what is missing.</summary>
    /// <returns>The password of all accounts; null when they were there already, with the one they were made with.</returns>
    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        var context = database.OpenForAll();
        await using (context)
        {
            // Asking costs the first query of all, a fifteenth of a second; where the last demo was deleted nothing is there.
            if (settings.Keep && await context.Organisations.AnyAsync(cancellationToken))
            {
                // People have worked here: their history is the true one, only servers that were added to the demo are missing.
                var organisations = await context.Organisations.ToDictionaryAsync(static o => o.Name, static o => o.Id, cancellationToken);
                var known = (await context.Servers.Select(static s => s.Id).ToListAsync(cancellationToken)).ToHashSet();
                AddServers(context, fleet.Outline.Where(outline => !known.Contains(outline.Id)), organisations);
                await context.SaveChangesAsync(cancellationToken);
                return null;
            }

            // Their past costs a sixth of a second, most of it for the code: that is got ready while people are entered.
            var rehearsal = Task.Run(() => fleet.Named.Take(1).SelectMany(static server => new PastOperations(server, Guid.Empty, [(Guid.Empty, "")]).Make()).Count(), cancellationToken);
            var people = await PeopleAsync(cancellationToken);
            await rehearsal;
            context.ChangeTracker.AutoDetectChangesEnabled = false;    // all that is saved is new
            AddServers(context, fleet.Outline, people.ToDictionary(static p => p.Key.Name, static p => p.Key.Id));
            AddPast(context, people);
            await context.SaveChangesAsync(cancellationToken);
            return _password;
        }
    }

    /// <summary>Those who act, by organisation and in the order of their names.</summary>
    private async Task<Dictionary<Organisation, List<(Guid Id, string Name)>>> PeopleAsync(CancellationToken cancellationToken)
    {
        var addPerson = new AddPerson(database, _hasher);
        var people = new Dictionary<Organisation, List<(Guid, string)>>();
        foreach (var accounts in Accounts.Append(Colleague).GroupBy(static a => a.Organisation))
        {
            var organisation = Value(await createOrganisation.RunAsync(accounts.Key, cancellationToken));
            people[organisation] = [];
            foreach (var account in accounts.OrderBy(static a => a.Name, StringComparer.Ordinal))
            {
                var person = Value(await addPerson.RunAsync(organisation.Id, new NewPerson(account.Name, account.Email, _password), account.Role, cancellationToken));
                if (account.Role != Role.Viewer)
                {
                    people[organisation].Add((person.Id, person.Name));
                }
            }
        }

        return people;
    }

    private void AddServers(DashboardContext context, IEnumerable<ServerOutline> outlines, Dictionary<string, Guid> organisations)
    {
        var now = time.GetUtcNow();
        context.Servers.AddRange(outlines.Where(outline => organisations.ContainsKey(outline.Organisation)).Select(outline => Row(outline, organisations[outline.Organisation], now)));
    }

    private void AddPast(DashboardContext context, Dictionary<Organisation, List<(Guid Id, string Name)>> people)
    {
        var organisations = fleet.Outline.ToDictionary(static o => o.Id, static o => o.Organisation);
        var byName = people.ToDictionary(static p => p.Key.Name, static p => (p.Key.Id, People: p.Value));
        var past = fleet.Named
            .Where(server => organisations.TryGetValue(server.Id, out var name) && byName.ContainsKey(name))
            .SelectMany(server => new PastOperations(server, byName[organisations[server.Id]].Id, byName[organisations[server.Id]].People).Make())
            .ToList();
        context.Operations.AddRange(past);
        context.Quarantines.AddRange(past.Where(static o => o.GivenUp is not null).DistinctBy(static o => (o.OrganisationId, o.GivenUp)).Select(Quarantined));
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
            Login = outline.Login,
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
