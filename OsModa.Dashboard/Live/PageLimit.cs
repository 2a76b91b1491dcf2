using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Http.HttpResults;
using OsModa.Dashboard.Identity;

namespace OsModa.Dashboard.Live;

/// <summary>Ends a circuit at its beginning when its person has too many. Whoever comes by a page is told in words before, by <see cref="Refuse"/>.</summary>
internal sealed class PageLimit(OpenPages pages, AuthenticationStateProvider authentication) : CircuitHandler
{
    private Guid? _counted;

    public override async Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        if (PersonClaims.Read((await authentication.GetAuthenticationStateAsync()).User) is not { PersonId: var person })
        {
            return;
        }

        _counted = pages.TryOpen(person) ? person : throw new InvalidOperationException($"Person {person} has {OpenPages.Most} pages open already.");
    }

    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        if (_counted is { } person)
        {
            _counted = null;
            pages.Close(person);
        }

        return Task.CompletedTask;
    }

    /// <summary>Instead of one more page.</summary>
    public static void Refuse(IApplicationBuilder app)
    {
        var pages = app.ApplicationServices.GetRequiredService<OpenPages>();
        app.Use(next => http => http.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null && PersonClaims.Read(http.User) is { } claim && pages.IsFull(claim.PersonId)
            ? new RazorComponentResult<TooManyPages> { StatusCode = StatusCodes.Status429TooManyRequests, PreventStreamingRendering = true }.ExecuteAsync(http)
            : next(http));
    }
}
