using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using OsModa.Core.Accounts;

namespace OsModa.Dashboard.Identity;

/// <summary>What a session's cookie says, read as types.</summary>
internal static class PersonClaims
{
    public const string Organisation = "osmoda:organisation";
    public const string SignedInAt = "osmoda:signed-in-at";
    public const string Session = "osmoda:session";
    public const string Stamp = "AspNet.Identity.SecurityStamp";

    private const string Address = "osmoda:address";

    /// <summary>Network address of the browser, as this request or the one that began this circuit came from it; empty when not known.</summary>
    public static string AddressOf(ClaimsPrincipal user) => user.FindFirstValue(Address) ?? "";

    /// <summary>The same with what is known of the browser by the request alone; the cookie never holds it.</summary>
    public static ClaimsPrincipal With(ClaimsPrincipal user, Guid? organisation, string address)
    {
        var more = user.Clone();
        Add(Organisation, organisation?.ToString());
        Add(Address, address);
        return more;

        void Add(string type, string? value)
        {
            if (!string.IsNullOrEmpty(value) && user.FindFirst(type) is null)
            {
                ((ClaimsIdentity)more.Identity!).AddClaim(new Claim(type, value));
            }
        }
    }

    /// <summary>Null for somebody who has not signed in.</summary>
    public static SessionClaim? Read(ClaimsPrincipal user)
    {
        if (user.Identity?.IsAuthenticated != true || !Guid.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), out var person))
        {
            return null;
        }

        Guid? organisation = Guid.TryParse(user.FindFirstValue(Organisation), out var chosen) ? chosen : null;
        return new SessionClaim(person, organisation, user.FindFirstValue(Stamp) ?? "")
        {
            SessionId = Guid.TryParse(user.FindFirstValue(Session), out var session) ? session : null,
        };
    }

    /// <summary>A session ends for good after this, however busy it is.</summary>
    public static readonly TimeSpan LongestSession = TimeSpan.FromDays(7);

    public static bool IsTooOld(ClaimsPrincipal user, DateTimeOffset now) =>
        !long.TryParse(user.FindFirstValue(SignedInAt), CultureInfo.InvariantCulture, out var seconds)
        || now - DateTimeOffset.FromUnixTimeSeconds(seconds) > LongestSession;

    /// <summary>When a session began, and a name for it by which it can be ended.</summary>
    public static void NoteSignIn(ClaimsPrincipal user, DateTimeOffset now) => ((ClaimsIdentity)user.Identity!).AddClaims(
    [
        new Claim(SignedInAt, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
        new Claim(Session, Guid.NewGuid().ToString()),
    ]);

    /// <summary>The same session after its person was looked at anew.</summary>
    public static void Keep(ClaimsPrincipal? before, ClaimsPrincipal? after)
    {
        foreach (var type in (string[])[SignedInAt, Session])
        {
            if (before?.FindFirst(type) is { } claim)
            {
                after?.Identities.First().AddClaim(claim);
            }
        }
    }
}
