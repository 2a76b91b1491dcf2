using Microsoft.EntityFrameworkCore;
using OsModa.Core.Storage;

namespace OsModa.Core.Accounts;

/// <summary>The stored half of the link that sets the dashboard up.</summary>
public sealed class SetupCode
{
    /// <summary>See <see cref="OneUseCode.Hash"/>.</summary>
    public required string Hash { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; set; }
}

/// <summary>What is asked for at the first start.</summary>
public sealed record SetupForm(string? Organisation, NewPerson Owner);

/// <summary>
/// A dashboard without people belongs to whoever can read its terminal: that is where the link is printed, once a start.
/// Its code is used up together with making the first organisation and its owner, or not at all.
/// </summary>
public sealed class FirstRun(Database database, CreateOrganisation createOrganisation, AddPerson addPerson, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    public const string CodeRefused = "This link has been used or has expired. Start the dashboard again: while it has no people it prints a new one.";

    /// <summary>A new code that makes older ones useless, or null when there are people already.</summary>
    public async Task<OneUseCode?> IssueCodeAsync(CancellationToken cancellationToken)
    {
        var context = database.OpenForNone();
        await using (context)
        {
            if (await context.Users.AnyAsync(cancellationToken))
            {
                return null;
            }

            var code = OneUseCode.New();
            await context.SetupCodes.ExecuteDeleteAsync(cancellationToken);
            context.SetupCodes.Add(new SetupCode { Hash = code.Hash, ExpiresAt = time.GetUtcNow() + Lifetime });
            await context.SaveChangesAsync(cancellationToken);
            return code;
        }
    }

    /// <summary>Whether the code would be taken now.</summary>
    public async Task<bool> AcceptsAsync(string? code, CancellationToken cancellationToken)
    {
        var context = database.OpenForNone();
        await using (context)
        {
            return OneUseCode.HashOf(code) is { } hash && await Open(context, hash).AnyAsync(cancellationToken);
        }
    }

    /// <summary>Makes the organisation and its owner. Errors are named by <see cref="SetupForm.Organisation"/> and the properties of <see cref="NewPerson"/>.</summary>
    public async Task<Result<Person>> RunAsync(string? code, SetupForm form, CancellationToken cancellationToken)
    {
        var organisation = createOrganisation.Make(form.Organisation);
        var errors = AddPerson.Check(form.Owner, out _, out _);
        errors.Add(nameof(SetupForm.Organisation), organisation.Errors[nameof(Organisation.Name)]);
        if (!organisation.Done || !errors.None)
        {
            return errors;
        }

        var context = database.OpenFor(organisation.Value.Id);
        await using (context)
        {
            // Using the code up comes first and takes the row's lock: of two at once, one waits and then finds it used.
            await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
            if (OneUseCode.HashOf(code) is not { } hash || !await UseAsync(context, hash, cancellationToken) || await context.Users.AnyAsync(cancellationToken))
            {
                return FieldErrors.Of("", CodeRefused);
            }

            context.Organisations.Add(organisation.Value);
            var person = await addPerson.PrepareAsync(context, organisation.Value.Id, form.Owner, Role.Owner, cancellationToken);
            if (person.Done)
            {
                await context.SaveChangesAsync(cancellationToken);
                await transaction.CommitAsync(cancellationToken);
            }

            return person;
        }
    }

    private async Task<bool> UseAsync(DashboardContext context, string hash, CancellationToken cancellationToken)
    {
        DateTimeOffset? now = time.GetUtcNow();
        return await Open(context, hash).ExecuteUpdateAsync(set => set.SetProperty(c => c.UsedAt, now), cancellationToken) == 1;
    }

    private IQueryable<SetupCode> Open(DashboardContext context, string hash)
    {
        var now = time.GetUtcNow();
        return context.SetupCodes.Where(c => c.Hash == hash && c.UsedAt == null && c.ExpiresAt > now);
    }
}
