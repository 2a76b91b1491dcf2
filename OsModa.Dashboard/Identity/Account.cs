using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using OsModa.Core;
using OsModa.Core.Accounts;
using OsModa.Dashboard.Composition;

namespace OsModa.Dashboard.Identity;

/// <summary>A person's own page: password, sessions, which organisation to work in.</summary>
internal static class Account
{
    public const string Path = "/account";

    public static void MapAccount(this WebApplication app)
    {
        app.MapGet(Path, (HttpContext http, string? done, UserManager<Person> people, Callers callers, CancellationToken stop) =>
            PageAsync(http, people, callers, new FieldErrors(), done == "password", stop));
        app.MapPost(Path + "/password", ChangePasswordAsync).RequireRateLimiting(RateLimits.Guesses);
        app.MapPost(Path + "/organisation", ChooseAsync);
    }

    private static async Task<IResult> ChangePasswordAsync(
        [FromForm] string? current, [FromForm] string? password, HttpContext http, UserManager<Person> people, SignInManager<Person> signIn, SignInTries tries, Callers callers, SignInNotes notes, CancellationToken cancellationToken)
    {
        if (await people.GetUserAsync(http.User) is not { } person)
        {
            return Results.LocalRedirect(SignIn.Path);
        }

        var errors = new FieldErrors();
        errors.Add(nameof(password), PasswordRule.Check(password));
        // Counts as a try to sign in: a session left open is no way to guess the password.
        var network = RateLimits.Network(http.Connection.RemoteIpAddress);
        if (errors.None && (await tries.TakeAsync(person.NormalizedUserName!, network, cancellationToken) is null
            || !(await signIn.CheckPasswordSignInAsync(person, current is { Length: <= PasswordRule.MaxLength } ? current : "", lockoutOnFailure: false)).Succeeded))
        {
            errors.Add(nameof(current), "That is not your password now. After several wrong tries the account pauses for five minutes.");
        }

        if (errors.None)
        {
            await tries.ForgetAsync(person.NormalizedUserName!, network, cancellationToken);
            person.PasswordHash = people.PasswordHasher.HashPassword(person, password!);
            // The new stamp ends all other sessions.
            if ((await people.UpdateSecurityStampAsync(person)).Succeeded)
            {
                callers.Forget(person.Id);
                await signIn.RefreshSignInAsync(person);
                await notes.PasswordChangedAsync(http, person);
                return Results.LocalRedirect(Path + "?done=password");
            }

            errors.Add("", "Your account was changed in another place at the same moment. Try again.");
        }

        return await PageAsync(http, people, callers, errors, done: false, cancellationToken);
    }

    private static async Task<IResult> ChooseAsync([FromForm] Guid organisation, HttpContext http, Callers callers, CancellationToken cancellationToken)
    {
        if (PersonClaims.Read(http.User) is { } claim && (await callers.OrganisationsOfAsync(claim.PersonId, cancellationToken)).Any(o => o.Id == organisation))
        {
            ChosenOrganisation.Keep(http, organisation);
        }

        return Results.LocalRedirect("/");
    }

    private static async Task<IResult> PageAsync(HttpContext http, UserManager<Person> people, Callers callers, FieldErrors errors, bool done, CancellationToken cancellationToken)
    {
        if (await people.GetUserAsync(http.User) is not { } person)
        {
            return Results.LocalRedirect(SignIn.Path);
        }

        var caller = await callers.ReadAsync(http.User, cancellationToken);
        return new RazorComponentResult<AccountPage>(new
        {
            person.Name,
            Email = person.Email ?? "",
            Caller = caller,
            Organisations = await callers.OrganisationsOfAsync(person.Id, cancellationToken),
            Errors = errors,
            PasswordChanged = done,
        })
        {
            StatusCode = errors.None ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
        };
    }
}
