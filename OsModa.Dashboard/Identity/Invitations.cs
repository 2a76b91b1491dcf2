using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using OsModa.Core;
using OsModa.Core.Accounts;
using OsModa.Dashboard.Composition;

namespace OsModa.Dashboard.Identity;

/// <summary>The page behind an invitation's link.</summary>
internal static class Invitations
{
    public const string Path = "/invitation";

    public static void MapInvitations(this WebApplication app)
    {
        app.MapGet(Path, ShowAsync).AllowAnonymous().RequireRateLimiting(RateLimits.Guesses);
        app.MapPost(Path, AcceptAsync).AllowAnonymous().RequireRateLimiting(RateLimits.Guesses);
        app.MapPost(Path + "/join", JoinAsync).RequireRateLimiting(RateLimits.Guesses);
    }

    private static async Task<IResult> ShowAsync(string? code, HttpContext http, AcceptInvitation accept, CancellationToken cancellationToken) =>
        Page(http, code, await accept.ReadAsync(code, cancellationToken), name: null, new FieldErrors());

    private static async Task<IResult> AcceptAsync(
        [FromForm] string? code, [FromForm] string? name, [FromForm] string? password,
        HttpContext http, AcceptInvitation accept, SignInManager<Person> signIn, SignInNotes notes, CancellationToken cancellationToken)
    {
        var result = await accept.RunAsync(code, new NewPerson(name, Email: null, password), cancellationToken);
        if (!result.Done)
        {
            return Page(http, code, await accept.ReadAsync(code, cancellationToken), name, result.Errors);
        }

        await notes.JoinedAsync(http, result.Value);
        await signIn.SignInAsync(result.Value, isPersistent: false);
        return Results.LocalRedirect("/");
    }

    private static async Task<IResult> JoinAsync([FromForm] string? code, HttpContext http, AcceptInvitation accept, UserManager<Person> people, SignInNotes notes, CancellationToken cancellationToken)
    {
        var result = PersonClaims.Read(http.User) is { } claim
            ? await accept.JoinAsync(code, claim.PersonId, cancellationToken)
            : FieldErrors.Of("", AcceptInvitation.Refused);
        if (!result.Done)
        {
            return Page(http, code, await accept.ReadAsync(code, cancellationToken), name: null, result.Errors);
        }

        if (await people.GetUserAsync(http.User) is { } person)
        {
            await notes.JoinedAsync(http, person);
        }

        ChosenOrganisation.Keep(http, result.Value.OrganisationId);
        return Results.LocalRedirect("/");
    }

    private static RazorComponentResult<InvitationPage> Page(HttpContext http, string? code, OpenInvitation? invitation, string? name, FieldErrors errors) =>
        new(new { Code = code, Invitation = invitation, Name = name, Errors = errors, SignedIn = http.User.Identity?.IsAuthenticated == true })
        {
            StatusCode = invitation is null ? StatusCodes.Status404NotFound : errors.None ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
        };
}
