using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Storage;

namespace OsModa.Dashboard.Identity;

/// <summary>Who came in, and who was refused: in the ledgers of all organisations that the person belongs to. Who is nobody's person stands in none.</summary>
internal sealed class SignInNotes(LedgerWriter ledger, Callers callers, ILogger<SignInNotes> log)
{
    /// <param name="http">The request.</param>
    /// <param name="person">Who came in.</param>
    /// <param name="wrong">How many wrong passwords came from the same network before.</param>
    public Task EnteredAsync(HttpContext http, Person person, int wrong) => WriteAsync(
        http.BrowserAddress(), person, "person.sign-in", wrong switch { 0 => "Signed in.", 1 => "Signed in, after a wrong password from the same network.", _ => $"Signed in, after {wrong} wrong passwords from the same network." });

    /// <summary>A pause begins. Written beside the request, or else an address with an account would be answered later than one without.</summary>
    /// <param name="http">The request.</param>
    /// <param name="person">Whose password was not found.</param>
    /// <param name="wrong">How many wrong passwords came from that network.</param>
    public Task RefusedAsync(HttpContext http, Person person, int wrong)
    {
        var from = http.BrowserAddress();
        return Task.Run(async () =>
        {
            try
            {
                await WriteAsync(from, person, "person.sign-in-refused", $"Refused: {wrong} wrong passwords from one network, for which the account pauses for five minutes.");
            }
            catch (Exception failed) when (failed.IsDatabaseTrouble())
            {
                log.LogError(failed, "The ledger lacks {Wrong} wrong passwords for {Person} from {From}", wrong, person.Id, from);
            }
        }, CancellationToken.None);
    }

    public Task LeftAsync(HttpContext http, Person person, bool everywhere) => WriteAsync(http.BrowserAddress(), person, "person.sign-out", everywhere ? "Signed out everywhere." : "Signed out.");

    public Task PasswordChangedAsync(HttpContext http, Person person) => WriteAsync(http.BrowserAddress(), person, "person.change-password", "Changed the password; all other sessions have ended.");

    /// <summary>The first owner, by the link that the terminal shows.</summary>
    public Task SetUpAsync(HttpContext http, Person person) => WriteAsync(http.BrowserAddress(), person, "organisation.set-up", "Set up the dashboard and its first organisation.");

    /// <summary>With an invitation.</summary>
    public Task JoinedAsync(HttpContext http, Person person) => WriteAsync(http.BrowserAddress(), person, "member.join", "Took up an invitation.");

    private async Task WriteAsync(string from, Person person, string verb, string text)
    {
        foreach (var organisation in await callers.OrganisationsOfAsync(person.Id, CancellationToken.None))
        {
            await ledger.NoticeAsync(new LedgerActor(organisation.Id, person.Id, person.Name, from), verb, text);
        }
    }
}

internal static class BrowserAddresses
{
    /// <summary>Where the request came from, in the shorter form where there are two; empty when it came over no network.</summary>
    public static string BrowserAddress(this HttpContext http) =>
        http.Connection.RemoteIpAddress is { } address ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString() : "";
}
