using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OsModa.Core;
using OsModa.Core.Accounts;
using OsModa.Tests.Storage;
using Xunit;

namespace OsModa.Tests.Accounts;

public sealed class MembershipTests : IAsyncLifetime
{
    private readonly HandClock _clock = new();
    private TemporaryDatabase _temporary = null!;
    private Caller _owner = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _temporary = await TemporaryDatabase.OpenAsync();
        _owner = await _temporary.CallerAsync();
    }

    public ValueTask DisposeAsync() => _temporary.DisposeAsync();

    [Fact]
    public async Task An_invited_person_joins_with_a_new_account_in_the_role_they_were_given()
    {
        var code = await InvitedAsync("grace@example.org", Role.Operator);

        var person = await Accept.RunAsync(code, new NewPerson("Grace", "somebody.else@example.org", "a password of length"), Stop);

        Assert.True(person.Done);
        Assert.Equal("grace@example.org", person.Value.Email);
        Assert.Contains(await People.ListAsync(_owner, Stop), m => m is { Name: "Grace", Role: Role.Operator });
        Assert.Empty(await People.PendingAsync(_owner, Stop));
    }

    [Theory]
    [MemberData(nameof(TemporaryDatabase.Kinds), MemberType = typeof(TemporaryDatabase))]
    public async Task An_invitation_works_once_however_many_try(DatabaseKind kind)
    {
        await using var temporary = await TemporaryDatabase.OpenAsync(kind);
        var invite = new InvitePerson(temporary.Database, temporary.Ledger, _clock);
        var code = (await invite.RunAsync(await temporary.CallerAsync(), "grace@example.org", Role.Owner, Stop)).Value!.Code.Text;
        var accept = AcceptIn(temporary);

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => accept.RunAsync(code, new NewPerson("Grace", null, "a password of length"), Stop), Stop)));

        Assert.Single(results, r => r.Done);
        await using var context = temporary.Database.OpenForAll();
        Assert.Equal(1, await context.Users.CountAsync(p => p.NormalizedUserName == "GRACE@EXAMPLE.ORG", Stop));
    }

    [Fact]
    public async Task A_wrong_field_does_not_use_an_invitation_up()
    {
        var code = await InvitedAsync("grace@example.org");

        var wrong = await Accept.RunAsync(code, new NewPerson("", null, "short"), Stop);

        Assert.NotNull(wrong.Errors[nameof(NewPerson.Name)]);
        Assert.NotNull(wrong.Errors[nameof(NewPerson.Password)]);
        Assert.True((await Accept.RunAsync(code, new NewPerson("Grace", null, "a password of length"), Stop)).Done);
    }

    [Fact]
    public async Task Expired_withdrawn_and_replaced_invitations_open_nothing()
    {
        var replaced = await InvitedAsync("grace@example.org");
        var withdrawn = await InvitedAsync("grace@example.org");
        Assert.Null(await Accept.ReadAsync(replaced, Stop));

        await Change.WithdrawAsync(_owner, (await People.PendingAsync(_owner, Stop))[0].Id, Stop);
        Assert.Null(await Accept.ReadAsync(withdrawn, Stop));

        var expired = await InvitedAsync("grace@example.org");
        Assert.NotNull(await Accept.ReadAsync(expired, Stop));
        _clock.Advance(InvitePerson.Lifetime);
        Assert.Null(await Accept.ReadAsync(expired, Stop));
        Assert.Equal(AcceptInvitation.Refused, (await Accept.RunAsync(expired, new NewPerson("Grace", null, "a password of length"), Stop)).Errors[""]);
    }

    [Fact]
    public async Task Somebody_with_an_account_joins_with_that_and_nobody_else_can()
    {
        var elsewhere = await _temporary.CallerAsync(Role.Viewer);
        var email = await EmailAsync(elsewhere);
        var stranger = await _temporary.CallerAsync(Role.Viewer);
        var code = await InvitedAsync(email, Role.Operator);

        Assert.True((await Accept.ReadAsync(code, Stop))!.HasAccount);
        Assert.NotNull((await Accept.RunAsync(code, new NewPerson("Mallory", null, "a password of length"), Stop)).Errors[nameof(NewPerson.Email)]);
        Assert.Contains(email, (await Accept.JoinAsync(code, stranger.PersonId, Stop)).Errors[""], StringComparison.Ordinal);
        Assert.True((await Accept.JoinAsync(code, elsewhere.PersonId, Stop)).Done);
        Assert.Equal(AcceptInvitation.Refused, (await Accept.JoinAsync(code, elsewhere.PersonId, Stop)).Errors[""]);
        Assert.Equal(2, (await Callers.OrganisationsOfAsync(elsewhere.PersonId, Stop)).Count);
    }

    [Fact]
    public async Task In_the_organisation_that_was_chosen_a_person_has_the_role_of_that_one()
    {
        var elsewhere = await _temporary.CallerAsync(Role.Viewer);
        await Accept.JoinAsync(await InvitedAsync(await EmailAsync(elsewhere), Role.Operator), elsewhere.PersonId, Stop);

        Assert.Equal(Role.Viewer, (await Callers.ReadAsync(new SessionClaim(elsewhere.PersonId, elsewhere.OrganisationId, "stamp"), Stop))!.Role);
        Assert.Equal(Role.Operator, (await Callers.ReadAsync(new SessionClaim(elsewhere.PersonId, _owner.OrganisationId, "stamp"), Stop))!.Role);
        var foreign = await _temporary.CallerAsync();
        Assert.NotEqual(foreign.OrganisationId, (await Callers.ReadAsync(new SessionClaim(elsewhere.PersonId, foreign.OrganisationId, "stamp"), Stop))!.OrganisationId);
    }

    [Theory]
    [InlineData(Role.Viewer)]
    [InlineData(Role.Operator)]
    public async Task Only_owners_invite_and_change(Role role)
    {
        var caller = await _temporary.CallerAsync(role, _owner.OrganisationId);
        await InvitedAsync("grace@example.org");
        var pending = (await People.PendingAsync(_owner, Stop))[0];

        Assert.NotNull((await Invite.RunAsync(caller, "eve@example.org", Role.Owner, Stop)).Errors[""]);
        Assert.NotNull((await Change.RunAsync(caller, caller.PersonId, Role.Owner, Stop)).Errors[""]);
        Assert.NotNull((await Change.RunAsync(caller, _owner.PersonId, role: null, Stop)).Errors[""]);
        Assert.False(await Change.WithdrawAsync(caller, pending.Id, Stop));
        Assert.Empty(await People.PendingAsync(caller, Stop));
    }

    [Fact]
    public async Task People_of_other_organisations_cannot_be_changed()
    {
        var others = await _temporary.CallerAsync();

        Assert.NotNull((await Change.RunAsync(_owner, others.PersonId, Role.Viewer, Stop)).Errors[""]);
        Assert.NotNull((await Change.RunAsync(_owner, others.PersonId, role: null, Stop)).Errors[""]);
        Assert.DoesNotContain(await People.ListAsync(_owner, Stop), m => m.PersonId == others.PersonId);
    }

    [Fact]
    public async Task A_removed_person_has_no_rights_at_once()
    {
        var member = await _temporary.CallerAsync(Role.Operator, _owner.OrganisationId);
        var callers = Callers;
        var claim = new SessionClaim(member.PersonId, null, "stamp");
        Assert.NotNull(await callers.ReadAsync(claim, Stop));

        await new ChangeMembership(_temporary.Database, callers, _temporary.Ledger).RunAsync(_owner, member.PersonId, role: null, Stop);

        Assert.Null(await callers.ReadAsync(claim, Stop));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Role.Operator)]
    public async Task An_owner_who_is_put_out_or_made_less_has_no_invitation_to_come_back_by(Role? left)
    {
        var leaving = await _temporary.CallerAsync(Role.Owner, _owner.OrganisationId);
        var theirs = (await Invite.RunAsync(leaving, "second@example.org", Role.Owner, Stop)).Value!.Code.Text;
        var ours = await InvitedAsync("grace@example.org");

        Assert.True((await Change.RunAsync(_owner, leaving.PersonId, left, Stop)).Done);

        Assert.Equal(AcceptInvitation.Refused, (await Accept.RunAsync(theirs, new NewPerson("Mallory", null, "a password of length"), Stop)).Errors[""]);
        Assert.NotNull(await Accept.ReadAsync(ours, Stop));
    }

    [Theory]
    [MemberData(nameof(TemporaryDatabase.Kinds), MemberType = typeof(TemporaryDatabase))]
    public async Task Two_owners_who_demote_each_other_at_once_leave_one(DatabaseKind kind)
    {
        await using var temporary = await TemporaryDatabase.OpenAsync(kind);
        for (var round = 0; round < 5; round++)
        {
            var one = await temporary.CallerAsync();
            var other = await temporary.CallerAsync(Role.Owner, one.OrganisationId);
            var change = new ChangeMembership(temporary.Database, new Callers(temporary.Database, _clock), temporary.Ledger);

            await Task.WhenAll(
                Task.Run(() => change.RunAsync(one, other.PersonId, Role.Viewer, Stop), Stop),
                Task.Run(() => change.RunAsync(other, one.PersonId, Role.Viewer, Stop), Stop));

            Assert.Contains(await new People(temporary.Database, _clock).ListAsync(one, Stop), m => m.Role == Role.Owner);
        }
    }

    [Theory]
    [InlineData("not an address")]
    [InlineData("a@b@c")]
    [InlineData("")]
    [InlineData("x y@example.org")]
    [InlineData("<x>@example.org")]
    public async Task A_wrong_address_is_told(string email) => Assert.NotNull((await Invite.RunAsync(_owner, email, Role.Viewer, Stop)).Errors["email"]);

    [Fact]
    public async Task Rights_are_read_anew_after_a_moment_also_when_the_clock_was_set_back_meanwhile()
    {
        var (callers, claim) = (Callers, new SessionClaim(_owner.PersonId, _owner.OrganisationId, "stamp"));
        Assert.Equal(Role.Owner, (await callers.ReadAsync(claim, Stop))!.Role);
        await using (var context = _temporary.Database.OpenForAll())
        {
            await context.Memberships.Where(m => m.PersonId == _owner.PersonId).ExecuteUpdateAsync(set => set.SetProperty(m => m.Role, Role.Viewer), Stop);
        }

        _clock.Set(TimeSpan.FromDays(-365));
        _clock.Advance(Callers.Fresh);

        Assert.Equal(Role.Viewer, (await callers.ReadAsync(claim, Stop))!.Role);
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("aaaaaaaaaaaaaaaa")]
    public void Weak_passwords_get_a_sentence(string password) => Assert.NotNull(PasswordRule.Check(password));

    private InvitePerson Invite => new(_temporary.Database, _temporary.Ledger, _clock);

    private AcceptInvitation Accept => AcceptIn(_temporary);

    private People People => new(_temporary.Database, _clock);

    private Callers Callers => new(_temporary.Database, _clock);

    private ChangeMembership Change => new(_temporary.Database, Callers, _temporary.Ledger);

    private AcceptInvitation AcceptIn(TemporaryDatabase temporary) =>
        new(temporary.Database, new AddPerson(temporary.Database, new PasswordHasher<Person>()), new Callers(temporary.Database, _clock), _clock);

    private async Task<string> InvitedAsync(string email, Role role = Role.Viewer)
    {
        var result = await Invite.RunAsync(_owner, email, role, Stop);
        Assert.True(result.Done);
        return result.Value.Code.Text;
    }

    private async Task<string> EmailAsync(Caller caller)
    {
        await using var context = _temporary.Database.OpenForNone();
        return await context.Users.Where(p => p.Id == caller.PersonId).Select(p => p.UserName!).SingleAsync(Stop);
    }
}
