using OsModa.Core.Servers;

namespace OsModa.Core.Configuration;

/// <summary>What a person types of a remote repository. Errors are named by these properties.</summary>
/// <param name="Address">See <see cref="RemoteAddress"/>.</param>
/// <param name="Branch">See <see cref="BranchName"/>; empty is main.</param>
/// <param name="ExposedKnown">The person has seen what <see cref="ReadExposed"/> tells, and lets it be sent. Only asked for when there is some.</param>
public sealed record RemoteForm(string? Address, string? Branch, bool ExposedKnown = false)
{
    /// <summary>The same, checked: what a row would hold of it.</summary>
    /// <param name="organisation">Whose it would be.</param>
    internal Result<ConfigurationRemote> Check(Guid organisation)
    {
        var errors = new FieldErrors();
        var fits = RemoteAddress.TryParse(Address, out var address, out var error);
        errors.Add(nameof(Address), error);
        fits &= BranchName.TryParse(Branch, out var branch, out error);
        errors.Add(nameof(Branch), error);
        return fits
            ? new ConfigurationRemote { OrganisationId = organisation, HostId = ServerId.New(), Address = address.ToString(), Branch = branch.Text, ConnectedAt = default, ConnectedBy = "" }
            : errors;
    }
}
