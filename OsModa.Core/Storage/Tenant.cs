namespace OsModa.Core.Storage;

/// <summary>Whose rows a context sees.</summary>
/// <param name="OrganisationId">The organisation; empty for none.</param>
/// <param name="SeesAll">Rows of every organisation.</param>
public readonly record struct Tenant(Guid OrganisationId, bool SeesAll = false)
{
    public static Tenant All { get; } = new(Guid.Empty, SeesAll: true);

    public static Tenant None { get; }
}
