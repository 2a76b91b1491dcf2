using OsModa.Core.Accounts;

namespace OsModa.Dashboard.Identity;

/// <summary>The organisation that a circuit's pages are of. It stays that one: whoever is put out of it and belongs to another sees that on a page opened anew.</summary>
public sealed class OpenOrganisation
{
    private Guid? _id;

    /// <summary>The caller, or null when they have no part in it any more.</summary>
    public Caller? Keep(Caller? caller)
    {
        _id ??= caller?.OrganisationId;
        return caller?.OrganisationId == _id ? caller : null;
    }
}
