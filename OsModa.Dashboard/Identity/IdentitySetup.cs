using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Authentication;
using OsModa.Core.Accounts;
using OsModa.Core.Storage;
using OsModa.Dashboard.Api;

namespace OsModa.Dashboard.Identity;

/// <summary>Signing in, sessions, and that nothing is open to nobody unless it says so.</summary>
public static class IdentitySetup
{
    public static void AddIdentity(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddAccounts();
        services.AddSingleton(new Terminal(Console.Out));
        services.AddHttpContextAccessor();
        services.AddScoped(provider => provider.GetRequiredService<Database>().OpenForNone());
        services.AddIdentityCore<Person>(static identity => identity.User.AllowedUserNameCharacters = "")    // any: names are e-mail addresses, checked as such
            .AddEntityFrameworkStores<DashboardContext>().AddSignInManager();

        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies();
        services.AddOptions<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme).Configure<TimeProvider, EndedSessions>(ConfigureCookie);
        services.Configure<SecurityStampValidatorOptions>(stamp =>
        {
            stamp.ValidationInterval = TimeSpan.FromSeconds(30);
            stamp.OnRefreshingPrincipal = static refreshing =>
            {
                PersonClaims.Keep(refreshing.CurrentPrincipal, refreshing.NewPrincipal);
                return Task.CompletedTask;
            };
        });
        services.AddScoped<ISecurityStampValidator, SecurityStampValidator<Person>>();
        services.AddAntiforgery(form =>
        {
            form.Cookie.Name = "osmoda-form";
            form.Cookie.SameSite = SameSiteMode.Strict;
            form.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });

        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        services.AddScoped<AuthenticationStateProvider, RevalidatingSession>();
        services.AddScoped<IClaimsTransformation, ChosenOrganisation>();
        services.AddScoped<OpenOrganisation>();
        services.AddScoped<CurrentCaller>();
        services.AddSingleton<SignInNotes>();
    }

    public static void UseIdentity(this WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseRateLimiter();    // some limits are a person's; forms are read behind it
        app.UseAntiforgery();
    }

    public static void MapIdentity(this WebApplication app)
    {
        app.MapSignIn();
        app.MapSetup();
        app.MapInvitations();
        app.MapAccount();
    }

    private static void ConfigureCookie(CookieAuthenticationOptions cookie, TimeProvider time, EndedSessions ended)
    {
        cookie.Cookie.Name = "osmoda-session";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.Cookie.Path = "/";
        cookie.CookieManager = new HostPrefixedCookies();
        cookie.ExpireTimeSpan = TimeSpan.FromHours(8);
        cookie.SlidingExpiration = true;
        cookie.LoginPath = SignIn.Path;
        cookie.AccessDeniedPath = SignIn.Path;
        cookie.ReturnUrlParameter = SignIn.ReturnParameter;
        ProgramAnswers.SayPlainly(cookie.Events);
        cookie.Events.OnSigningIn = context =>
        {
            PersonClaims.NoteSignIn(context.Principal!, time.GetUtcNow());
            return Task.CompletedTask;
        };
        cookie.Events.OnValidatePrincipal = async context =>
        {
            if (PersonClaims.IsTooOld(context.Principal!, time.GetUtcNow())
                || PersonClaims.Read(context.Principal!) is not { SessionId: { } session } || await ended.HasAsync(session))
            {
                context.RejectPrincipal();
                return;
            }

            await SecurityStampValidator.ValidatePrincipalAsync(context);
        };
    }
}
