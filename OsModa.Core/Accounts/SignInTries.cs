using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Storage;

namespace OsModa.Core.Accounts;

/// <summary>How often somebody has tried to sign in to one account from one network without getting in.</summary>
public sealed class SignInCount
{
    /// <summary>Hexadecimal SHA-256 of the address, whether it has an account or not.</summary>
    public required string Account { get; init; }

    /// <summary>The address, or the part of it that one customer of a network has to themselves.</summary>
    public required string Network { get; init; }

    public required int Tries { get; set; }

    public required DateTimeOffset LastAt { get; set; }
}

/// <summary>
/// Slows guessing down: after <see cref="Most"/> tries the account pauses for the network that they came from, and for no other, so that
/// nobody can keep its person out from elsewhere. Addresses without an account are counted the same, so that they answer the same.
/// </summary>
public sealed class SignInTries(Database database, TimeProvider time)
{
    /// <summary>A pause follows each of so many tries.</summary>
    public const int Most = 10;

    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);

    /// <summary>Quiet for so long, a network begins anew.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromDays(1);

    /// <summary>Counts a try, before the password is looked at: of many at once none goes uncounted.</summary>
    /// <param name="address">Whose account: its address, normalised.</param>
    /// <param name="network">Where the try comes from.</param>
    /// <param name="cancellationToken">Gives up; then it may be counted.</param>
    /// <returns>How many there were with this one; null in a pause, when no password may be looked at.</returns>
    public async Task<int?> TakeAsync(string address, string network, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (forgotten, paused) = (now - Memory, now - Pause);
        var context = database.OpenForNone();
        await using (context)
        {
            await context.SignInCounts.Where(c => c.LastAt < forgotten).ExecuteDeleteAsync(cancellationToken);
            var counts = Of(context, address, network);
            while (true)
            {
                if (await counts.Where(c => c.Tries % Most != 0 || c.LastAt <= paused).ExecuteUpdateAsync(set => set.SetProperty(c => c.Tries, c => c.Tries + 1).SetProperty(c => c.LastAt, now), cancellationToken) == 1)
                {
                    return await counts.Select(c => (int?)c.Tries).SingleOrDefaultAsync(cancellationToken) ?? 1;
                }

                // One that is there without a pause came since the look before: it is counted on in the next turn.
                if (await counts.AnyAsync(c => c.Tries % Most == 0 && c.LastAt > paused, cancellationToken))
                {
                    return null;
                }

                try
                {
                    context.SignInCounts.Add(new SignInCount { Account = HashOf(address), Network = network, Tries = 1, LastAt = now });
                    await context.SaveChangesAsync(cancellationToken);
                    return 1;
                }
                catch (DbUpdateException first) when (first.IsDuplicate())
                {
                    context.ChangeTracker.Clear();
                }
            }
        }
    }

    /// <summary>Somebody got in: their network begins anew.</summary>
    public async Task ForgetAsync(string address, string network, CancellationToken cancellationToken)
    {
        var context = database.OpenForNone();
        await using (context)
        {
            await Of(context, address, network).ExecuteDeleteAsync(cancellationToken);
        }
    }

    private static IQueryable<SignInCount> Of(DashboardContext context, string address, string network)
    {
        var account = HashOf(address);
        return context.SignInCounts.Where(c => c.Account == account && c.Network == network);
    }

    private static string HashOf(string address) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address)));
}
