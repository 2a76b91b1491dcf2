using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using OsModa.Core;
using OsModa.Core.Accounts;
using OsModa.Dashboard.Composition;

namespace OsModa.Dashboard.Identity;

/// <summary>The page behind the link that the terminal shows at the first start.</summary>
internal static class Setup
{
    public const string Path = "/setup";

    public static void MapSetup(this WebApplication app)
    {
        app.MapGet(Path, ShowAsync).AllowAnonymous().RequireRateLimiting(RateLimits.Guesses);
        app.MapPost(Path, SetUpAsync).AllowAnonymous().RequireRateLimiting(RateLimits.Guesses);
    }

    private static async Task<IResult> ShowAsync(string? code, FirstRun firstRun, CancellationToken cancellationToken) =>
        await firstRun.AcceptsAsync(code, cancellationToken) ? Page(code, new SetupForm(null, new NewPerson(null, null, null)), new FieldErrors()) : Refusal();

    private static async Task<IResult> SetUpAsync(
        [FromForm] string? code, [FromForm] string? organisation, [FromForm] string? name, [FromForm] string? email, [FromForm] string? password,
        HttpContext http, FirstRun firstRun, SignInManager<Person> signIn, SignInNotes notes, CancellationToken cancellationToken)
    {
        if (!await firstRun.AcceptsAsync(code, cancellationToken))
        {
            return Refusal();
        }

        var form = new SetupForm(organisation, new NewPerson(name, email, password));
        var result = await firstRun.RunAsync(code, form, cancellationToken);
        if (!result.Done)
        {
            return Page(code, form, result.Errors);
        }

        await signIn.SignInAsync(result.Value, isPersistent: false);
        await notes.SetUpAsync(http, result.Value);
        return Results.LocalRedirect("/");
    }

    private static RazorComponentResult<SetupPage> Page(string? code, SetupForm form, FieldErrors errors) =>
        new(new { Accepted = true, Code = code, Form = form, Errors = errors })
        {
            StatusCode = errors.None ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
        };

    private static RazorComponentResult<SetupPage> Refusal() => new(new { Accepted = false }) { StatusCode = StatusCodes.Status404NotFound };
}
