using System.Text.Json;

namespace OsModa.Core.Comparison;

/// <summary>A user as users-groups.json has it (nixpkgs, users-groups.nix).</summary>
/// <param name="IsPerson">It is not meant for a service.</param>
/// <param name="HasShell">Its shell lets it log in.</param>
/// <param name="IsRoot">Its uid is 0, whatever its name.</param>
/// <param name="Password">What tells its password from another: a hash, or the path of a file; null when it cannot log in with one.</param>
internal sealed record UserAccount(bool IsPerson, bool HasShell, bool IsRoot, string? Password)
{
    // crypt(5): no password fits these.
    private static readonly string[] Locked = ["!", "!!", "*"];

    /// <exception cref="InvalidOperationException">It is no object.</exception>
    public static UserAccount Of(JsonElement user)
    {
        var shell = Text(user, "shell") is { } path && !path.EndsWith("/nologin", StringComparison.Ordinal) && !path.EndsWith("/false", StringComparison.Ordinal);
        var isPerson = user.TryGetProperty("isSystemUser", out var service) ? service.ValueKind != JsonValueKind.True : shell;
        var isRoot = user.TryGetProperty("uid", out var uid) && uid.ValueKind == JsonValueKind.Number && uid.TryGetInt64(out var number) && number == 0;
        var password = Text(user, "hashedPasswordFile") ?? Text(user, "passwordFile") ?? Text(user, "password") ?? Text(user, "hashedPassword");
        return new UserAccount(isPerson, shell, isRoot, password is not null && Locked.Contains(password) ? null : password);
    }

    /// <summary>What is another since the older configuration, never the password itself.</summary>
    public IEnumerable<(string What, SecurityMove Move)> Since(UserAccount old)
    {
        if (IsRoot != old.IsRoot)
        {
            yield return IsRoot ? ("becomes root: its uid is 0", SecurityMove.Looser) : ("is root no longer: its uid is not 0", SecurityMove.Tighter);
        }

        if (HasShell != old.HasShell)
        {
            yield return HasShell ? ("gets a shell to log in with", SecurityMove.Looser) : ("has no shell to log in with any more", SecurityMove.Tighter);
        }

        if (Password != old.Password)
        {
            yield return (old.Password, Password) switch
            {
                (_, "") => ("needs no password to log in", SecurityMove.Looser),
                (null, _) => ("gets a password", SecurityMove.Looser),
                (_, null) => ("has no password of the configuration any more", SecurityMove.Tighter),
                _ => ("has another password", SecurityMove.Changed),
            };
        }
    }

    private static string? Text(JsonElement user, string name) => user.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
