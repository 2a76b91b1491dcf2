using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Storage;

namespace OsModa.Core.Accounts;

/// <summary>What somebody types to become a person here.</summary>
public sealed record NewPerson(string? Name, string? Email, string? Password);

/// <summary>Adds somebody new to an organisation. Asks for no rights: whoever calls it has made sure of them.</summary>
public sealed class AddPerson(Database database, IPasswordHasher<Person> hasher)
{
    private const string AddressTaken = "Somebody has an account with this address already.";

    public async Task<Result<Person>> RunAsync(Guid organisationId, NewPerson form, Role role, CancellationToken cancellationToken)
    {
        var context = database.OpenFor(organisationId);
        await using (context)
        {
            var result = await PrepareAsync(context, organisationId, form, role, cancellationToken);
            if (!result.Done)
            {
                return result;
            }

            try
            {
                await context.SaveChangesAsync(cancellationToken);
                return result;
            }
            catch (DbUpdateException taken) when (taken.IsDuplicate())
            {
                return FieldErrors.Of(nameof(NewPerson.Email), AddressTaken);
            }
        }
    }

    /// <summary>Adds to the context without saving, so that it can be one transaction with other things.</summary>
    internal async Task<Result<Person>> PrepareAsync(DashboardContext context, Guid organisationId, NewPerson form, Role role, CancellationToken cancellationToken)
    {
        var errors = Check(form, out var name, out var email);
        if (errors.None && await context.Users.AnyAsync(p => p.NormalizedUserName == email.Normalised, cancellationToken))
        {
            errors.Add(nameof(NewPerson.Email), AddressTaken);
        }

        if (!errors.None)
        {
            return errors;
        }

        var person = new Person
        {
            Id = Guid.CreateVersion7(),
            Name = name,
            UserName = email.Text,
            NormalizedUserName = email.Normalised,
            Email = email.Text,
            NormalizedEmail = email.Normalised,
            LockoutEnabled = false,    // SignInTries pauses a network, not the account: else anybody could keep its person out
            SecurityStamp = OneUseCode.New().Text,
        };
        person.PasswordHash = hasher.HashPassword(person, form.Password!);
        context.Users.Add(person);
        context.Memberships.Add(new Membership { PersonId = person.Id, OrganisationId = organisationId, Role = role });
        return person;
    }

    internal static FieldErrors Check(NewPerson form, out string name, out EmailAddress email)
    {
        var errors = new FieldErrors();
        _ = PlainName.TryParse(form.Name, out name, out var error);
        errors.Add(nameof(NewPerson.Name), error);
        _ = EmailAddress.TryParse(form.Email, out email, out error);
        errors.Add(nameof(NewPerson.Email), error);
        errors.Add(nameof(NewPerson.Password), PasswordRule.Check(form.Password));
        return errors;
    }
}
