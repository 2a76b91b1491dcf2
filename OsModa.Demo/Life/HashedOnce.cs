using Microsoft.AspNetCore.Identity;
using OsModa.Core.Accounts;

namespace OsModa.Demo.Life;

/// <summary>One hash for all who have the same password, as the accounts of the demo do: a hash is made to be slow, and the first page waits for them.</summary>
internal sealed class HashedOnce(IPasswordHasher<Person> hasher) : IPasswordHasher<Person>
{
    private readonly Lock _gate = new();
    private (string Password, string Hash)? _last;

    public string HashPassword(Person user, string password)
    {
        lock (_gate)
        {
            if (_last is not { } last || last.Password != password)
            {
                last = (password, hasher.HashPassword(user, password));
                _last = last;
            }

            return last.Hash;
        }
    }

    public PasswordVerificationResult VerifyHashedPassword(Person user, string hashedPassword, string providedPassword) =>
        hasher.VerifyHashedPassword(user, hashedPassword, providedPassword);
}
