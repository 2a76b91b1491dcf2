using OsModa.Core.Accounts;
using OsModa.Core.Ledger;

namespace OsModa.Dashboard.Identity;

/// <summary>Who came in, and who was refused: in the ledgers of all organisations that the person belongs to. Who is nobody's person stands in none.</summary>
internal sealed class SignInNotes(LedgerWriter ledger, Callers callers)
{
    public Task EnteredAsync(HttpContext http, Person person) => WriteAsync(http, person, "person.sign-in", "Signed in.");

    public Task RefusedAsync(HttpContext http, Person person, bool paused) =>
        WriteAsync(http, person, "person.sign-in-refused", paused ? "Refused: after several wrong tries the account pauses." : "Refused: the password was wrong.");

    public Task LeftAsync(HttpContext http, Person person, bool everywhere) => WriteAsync(http, person, "person.sign-out", everywhere ? "Signed out everywhere." : "Signed out.");

    public Task PasswordChangedAsync(HttpContext http, Person person) => WriteAsync(http, person, "person.change-password", "Changed the password; all other sessions have ended.");

    /// <summary>The first owner, by the link that the terminal shows.</summary>
    public Task SetUpAsync(HttpContext http, Person person) => WriteAsync(http, person, "organisation.set-up", "Set up the dashboard and its first organisation.");

    /// <summary>With an invitation.</summary>
    public Task JoinedAsync(HttpContext http, Person person) => WriteAsync(http, person, "member.join", "Took up an invitation.");

    private async Task WriteAsync(HttpContext http, Person person, string verb, string text)
    {
        foreach (var organisation in await callers.OrganisationsOfAsync(person.Id, CancellationToken.None))
        {
            await ledger.NoticeAsync(new LedgerActor(organisation.Id, person.Id, person.Name, http.BrowserAddress()), verb, text);
        }
    }
}

internal static class BrowserAddresses
{
    /// <summary>Where the request came from, in the shorter form where there are two; empty when it came over no network.</summary>
    public static string BrowserAddress(this HttpContext http) =>
        http.Connection.RemoteIpAddress is { } address ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString() : "";
}
