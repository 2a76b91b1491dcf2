using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Operations;
using OsModa.Demo.Life;
using OsModa.Tests.Storage;
using Xunit;

namespace OsModa.Tests.Demo;

public sealed class DemoSeedTests
{
    private const string Password = "a password for everybody";

    [Fact]
    public async Task Every_role_has_an_account_with_the_password_that_is_shown()
    {
        await using var files = await TemporaryDatabase.OpenAsync();
        using var fleet = new DemoFleet(new DemoSettings(), new HandClock());

        var password = await Seed(files, fleet, new DemoSettings { Password = Password }).RunAsync(CancellationToken.None);

        Assert.Equal(Password, password);
        await using var context = files.Database.OpenForAll();
        foreach (var account in DemoSeed.Accounts)
        {
            var person = await context.Users.SingleAsync(p => p.Email == account.Email);
            Assert.NotEqual(PasswordVerificationResult.Failed, new PasswordHasher<Person>().VerifyHashedPassword(person, person.PasswordHash!, Password));
            var standing = await context.Memberships.SingleAsync(m => m.PersonId == person.Id);
            Assert.Equal(account.Role, standing.Role);
            Assert.Equal(account.Organisation, (await context.Organisations.SingleAsync(o => o.Id == standing.OrganisationId)).Name);
        }
    }

    [Fact]
    public async Task A_password_of_its_own_is_made_at_each_fresh_start_and_keeps_the_rule()
    {
        await using var one = await TemporaryDatabase.OpenAsync();
        await using var two = await TemporaryDatabase.OpenAsync();
        using var fleet = new DemoFleet(new DemoSettings { Servers = 1 }, new HandClock());

        var first = await Seed(one, fleet, new DemoSettings()).RunAsync(CancellationToken.None);
        var second = await Seed(two, fleet, new DemoSettings()).RunAsync(CancellationToken.None);

        Assert.Null(PasswordRule.Check(first));
        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task A_second_start_on_kept_data_adds_nothing()
    {
        await using var files = await TemporaryDatabase.OpenAsync();
        using var fleet = new DemoFleet(new DemoSettings(), new HandClock());
        await Seed(files, fleet, new DemoSettings()).RunAsync(CancellationToken.None);
        await using var context = files.Database.OpenForAll();
        var (servers, operations) = (await context.Servers.CountAsync(), await context.Operations.CountAsync());

        Assert.Null(await Seed(files, fleet, new DemoSettings { Keep = true }).RunAsync(CancellationToken.None));

        Assert.Equal((fleet.Outline.Length, servers), (servers, await context.Servers.CountAsync()));
        Assert.Equal(operations, await context.Operations.CountAsync());
    }

    [Fact]
    public async Task The_history_of_each_server_leads_to_what_it_runs()
    {
        await using var files = await TemporaryDatabase.OpenAsync();
        using var fleet = new DemoFleet(new DemoSettings(), new HandClock());
        await Seed(files, fleet, new DemoSettings()).RunAsync(CancellationToken.None);

        await using var context = files.Database.OpenForAll();
        var operations = await context.Operations.ToListAsync();
        foreach (var server in fleet.Named)
        {
            var history = operations.Where(o => o.ServerId == server.Id).OrderBy(static o => o.StartedAt).ToList();
            Assert.Equal(server.Profile.Current.Path.Text, Left(history[^1]));
            Assert.All(history.Zip(history.Skip(1)), static pair => Assert.Equal(Left(pair.First), pair.Second.FromSystem));
        }

        Assert.Contains(operations, static o => o.Kind == OperationKind.RollBack && o.Reason.Length > 0);
        Assert.All(operations, static o => Assert.True(o.Ended));
        Assert.Contains(operations, static o => o is { Kind: OperationKind.Deploy, Recovered: not null });
        Assert.Equal(operations.Where(static o => o.GivenUp is not null).Select(static o => (o.OrganisationId, o.GivenUp)).Distinct().Count(), await context.Quarantines.CountAsync());
    }

    private static string? Left(Operation operation) => operation.State == OperationState.RolledBack ? operation.FromSystem : operation.TargetSystem;

    private static DemoSeed Seed(TemporaryDatabase files, DemoFleet fleet, DemoSettings settings) => new(
        settings, fleet, files.Database, new CreateOrganisation(files.Database, new HandClock()), new PasswordHasher<Person>(), new HandClock());
}
