using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Storage;

namespace OsModa.Core.Ssh;

/// <summary>The keys that organisations log in with; one is made when it is first asked for.</summary>
public sealed class OrganisationKeys(Database database, SecretBox box, TimeProvider time)
{
    /// <summary>The line that a server has to have among its authorized keys.</summary>
    /// <exception cref="ConnectionException">The OpenSSH client is missing.</exception>
    public async Task<string> PublicKeyAsync(Guid organisation, CancellationToken cancellationToken) =>
        (await ReadOrMakeAsync(organisation, cancellationToken)).PublicKey;

    /// <exception cref="ConnectionException">The key does not open, or cannot be made.</exception>
    internal async Task<SshKeyPair> PairAsync(Guid organisation, CancellationToken cancellationToken)
    {
        var row = await ReadOrMakeAsync(organisation, cancellationToken);
        try
        {
            return new SshKeyPair(row.PublicKey, box.Open(row.SealedPrivateKey, OrganisationKey.Purpose, organisation));
        }
        catch (SecretUnreadableException e)
        {
            throw new ConnectionException(new ConnectionFault(ConnectionFaultKind.Ours, $"The dashboard's key for this organisation does not open: {e.Message}"), e);
        }
    }

    private async Task<OrganisationKey> ReadOrMakeAsync(Guid organisation, CancellationToken cancellationToken)
    {
        var context = database.OpenFor(organisation);
        await using (context)
        {
            if (await context.OrganisationKeys.AsNoTracking().SingleOrDefaultAsync(cancellationToken) is { } known)
            {
                return known;
            }

            using var pair = await SshKeyPair.MakeAsync(SshPrograms.Find(), $"osmoda-{RandomNumberGenerator.GetHexString(6, lowercase: true)}", cancellationToken);
            var made = new OrganisationKey
            {
                OrganisationId = organisation,
                PublicKey = pair.PublicKey,
                SealedPrivateKey = box.Seal(pair.PrivateKey, OrganisationKey.Purpose, organisation),
                MadeAt = time.GetUtcNow(),
            };
            context.OrganisationKeys.Add(made);
            try
            {
                await context.SaveChangesAsync(cancellationToken);
                return made;
            }
            catch (DbUpdateException taken) when (taken.IsDuplicate())
            {
                // Somebody else asked at the same moment; theirs counts.
                return await context.OrganisationKeys.AsNoTracking().SingleAsync(cancellationToken);
            }
        }
    }
}
