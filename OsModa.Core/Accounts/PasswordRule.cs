namespace OsModa.Core.Accounts;

/// <summary>Length counts, composition does not: NIST SP 800-63B section 5.1.1.2.</summary>
public static class PasswordRule
{
    public const int MinLength = 12;

    /// <summary>Bounds the work of hashing.</summary>
    public const int MaxLength = 256;

    /// <summary>A sentence for the person, or null when the password will do.</summary>
    public static string? Check(string? password) => password switch
    {
        null or "" => "Enter a password.",
        { Length: < MinLength } => $"A password has at least {MinLength} characters; a sentence is a good one.",
        { Length: > MaxLength } => $"A password has {MaxLength} characters at most.",
        _ when password.Distinct().Count() < 5 => "That password repeats a few characters; choose another one.",
        _ => null,
    };
}
