using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using OsModa.Core.Accounts;
using OsModa.Core.Servers;
using OsModa.Core.Storage;
using Xunit;

namespace OsModa.Tests.Storage;

/// <summary>Whatever type gets a property OrganisationId is in these tests by itself.</summary>
public sealed class TenantTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<DatabaseKind, string> OwnedTypes()
    {
        using var context = new Database(new StorageSettings()).OpenForAll();
        var types = context.Model.GetEntityTypes().Where(t => !t.IsOwned() && t.ClrType.GetProperty(DashboardContext.OwnerProperty) is not null).Select(t => t.Name).ToList();
        return [.. from kind in Enum.GetValues<DatabaseKind>() from type in types select new TheoryDataRow<DatabaseKind, string>(kind, type)];
    }

    [Fact]
    public void The_types_that_people_care_for_belong_to_organisations()
    {
        var types = OwnedTypes().Select(row => row.Data.Item2).ToList();

        Assert.Contains(typeof(Server).FullName, types);
        Assert.Contains(typeof(Membership).FullName, types);
        Assert.Contains(typeof(Core.Operations.Operation).FullName, types);
    }

    [Fact]
    public void Every_table_belongs_to_an_organisation_or_is_known_not_to()
    {
        using var context = new Database(new StorageSettings()).OpenForAll();
        var others = context.Model.GetEntityTypes().Where(t => !t.IsOwned() && t.FindProperty(DashboardContext.OwnerProperty) is null).Select(t => t.GetTableName());

        // People belong to organisations by their memberships, sessions and tries to sign in to people; a setup code is from before there are any.
        Assert.Equal(["EndedSessions", "Organisations", "People", "PersonClaims", "PersonLogins", "PersonTokens", "SetupCodes", "SignInCounts"], others.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(OwnedTypes))]
    public async Task Rows_of_another_organisation_are_neither_read_nor_written(DatabaseKind kind, string typeName)
    {
        await using var temporary = await TemporaryDatabase.OpenAsync(kind);
        var ours = await temporary.CallerAsync();
        var theirs = await temporary.CallerAsync();
        await using var all = temporary.Database.OpenForAll();
        var type = all.Model.FindEntityType(typeName)!;
        var row = await AnyRowAsync(all, type, theirs);

        await using var context = temporary.Database.OpenFor(ours);
        Assert.Equal(0, await CountAsync(context, type, theirs));
        Assert.Null(await context.FindAsync(type.ClrType, [.. type.FindPrimaryKey()!.Properties.Select(p => all.Entry(row).Property(p.Name).CurrentValue)], Stop));
        Assert.Equal(0, await DeleteAllAsync(context, type, theirs));
        await using (var none = temporary.Database.OpenForNone())
        {
            Assert.Equal(0, await CountAsync(none, type, theirs));
        }

        context.Entry(row).State = EntityState.Modified;
        await Assert.ThrowsAsync<InvalidOperationException>(() => context.SaveChangesAsync(Stop));
        context.Entry(row).State = EntityState.Deleted;
        await Assert.ThrowsAsync<InvalidOperationException>(() => context.SaveChangesAsync(Stop));
        Assert.Throws<InvalidOperationException>(() => context.SaveChanges());

        await using var after = temporary.Database.OpenForAll();
        Assert.Equal(1, await CountAsync(after, type, theirs));
    }

    [Theory]
    [MemberData(nameof(OwnedTypes))]
    public async Task A_row_cannot_be_moved_into_another_organisation_nor_made_there(DatabaseKind kind, string typeName)
    {
        await using var temporary = await TemporaryDatabase.OpenAsync(kind);
        var ours = await temporary.CallerAsync();
        var theirs = await temporary.CallerAsync();
        await using var context = temporary.Database.OpenFor(ours);
        var type = context.Model.FindEntityType(typeName)!;

        context.Add(Make(type, theirs));
        await Assert.ThrowsAsync<InvalidOperationException>(() => context.SaveChangesAsync(Stop));
        context.ChangeTracker.Clear();

        if (!type.FindProperty(DashboardContext.OwnerProperty)!.IsKey())
        {
            var row = Make(type, ours);
            context.Attach(row);
            context.Entry(row).Property(DashboardContext.OwnerProperty).CurrentValue = theirs.OrganisationId;
            await Assert.ThrowsAsync<InvalidOperationException>(() => context.SaveChangesAsync(Stop));
        }
    }

    [Theory]
    [MemberData(nameof(TemporaryDatabase.Kinds), MemberType = typeof(TemporaryDatabase))]
    public async Task An_organisation_sees_itself_alone(DatabaseKind kind)
    {
        await using var temporary = await TemporaryDatabase.OpenAsync(kind);
        var ours = await temporary.CallerAsync();
        var theirs = await temporary.CallerAsync();

        await using var context = temporary.Database.OpenFor(ours);
        Assert.Equal(ours.OrganisationId, (await context.Organisations.SingleAsync(Stop)).Id);
        context.Attach(new Organisation { Id = theirs.OrganisationId, Name = "", CreatedAt = default }).Entity.Name = "Taken over";
        await Assert.ThrowsAsync<InvalidOperationException>(() => context.SaveChangesAsync(Stop));
    }

    /// <summary>For a membership the one that every caller has; else a row made up from the model.</summary>
    private static async Task<object> AnyRowAsync(DashboardContext context, IEntityType type, Caller owner)
    {
        if (type.ClrType == typeof(Membership))
        {
            return await context.Memberships.SingleAsync(m => m.PersonId == owner.PersonId, Stop);
        }

        var row = AddWithWhatItBelongsTo(context, type, owner);
        await context.SaveChangesAsync(Stop);
        return row;
    }

    // A comment belongs to a proposal, that to a server: all of the same organisation.
    private static object AddWithWhatItBelongsTo(DashboardContext context, IEntityType type, Caller owner)
    {
        var row = Make(type, owner);
        foreach (var key in type.GetForeignKeys().Where(k => k.IsRequired && k.PrincipalEntityType.FindProperty(DashboardContext.OwnerProperty) is not null))
        {
            var principal = AddWithWhatItBelongsTo(context, key.PrincipalEntityType, owner);
            context.Entry(row).Property(key.Properties[0].Name).CurrentValue = context.Entry(principal).Property(key.PrincipalKey.Properties[0].Name).CurrentValue;
        }

        context.Add(row);
        return row;
    }

    private static object Make(IEntityType type, Caller owner)
    {
        var row = RuntimeHelpers.GetUninitializedObject(type.ClrType);
        foreach (var property in type.ClrType.GetProperties().Where(p => p.CanWrite))
        {
            property.SetValue(row, property.Name switch
            {
                DashboardContext.OwnerProperty => owner.OrganisationId,
                nameof(Membership.PersonId) => owner.PersonId,
                _ => SomeValue(property),
            });
        }

        return row;
    }

    private static object? SomeValue(PropertyInfo property) => property.PropertyType switch
    {
        var t when t == typeof(string) => "x",
        var t when t == typeof(Guid) => Guid.CreateVersion7(),
        var t when t == typeof(ServerId) => ServerId.New(),
        var t when t == typeof(byte[]) => new byte[] { 1 },
        var t when Nullable.GetUnderlyingType(t) is not null => null,
        var t when t.IsValueType => Activator.CreateInstance(t),
        var t when t.IsGenericType && t.GetGenericTypeDefinition() == typeof(List<>) => Activator.CreateInstance(t),
        _ => null,
    };

    private static Task<int> CountAsync(DashboardContext context, IEntityType type, Caller owner) => (Task<int>)Call(nameof(CountOfAsync), context, type, owner);

    private static Task<int> DeleteAllAsync(DashboardContext context, IEntityType type, Caller owner) => (Task<int>)Call(nameof(DeleteOfAsync), context, type, owner);

    private static object Call(string method, DashboardContext context, IEntityType type, Caller owner) => typeof(TenantTests)
        .GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type.ClrType).Invoke(null, [context, owner])!;

    private static Task<int> CountOfAsync<T>(DashboardContext context, Caller owner)
        where T : class =>
        context.Set<T>().CountAsync(row => EF.Property<Guid>(row, DashboardContext.OwnerProperty) == owner.OrganisationId, Stop);

    private static Task<int> DeleteOfAsync<T>(DashboardContext context, Caller owner)
        where T : class =>
        context.Set<T>().Where(row => EF.Property<Guid>(row, DashboardContext.OwnerProperty) == owner.OrganisationId).ExecuteDeleteAsync(Stop);
}
