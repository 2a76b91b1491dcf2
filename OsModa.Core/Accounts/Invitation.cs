namespace OsModa.Core.Accounts;

/// <summary>Somebody was asked to join an organisation. The link is shown once, to the one who invites; here is only what checks it.</summary>
public sealed class Invitation
{
    public required Guid Id { get; init; }

    public required Guid OrganisationId { get; init; }

    /// <summary>Text of an <see cref="EmailAddress"/>: the invitation is for this one alone.</summary>
    public required string Email { get; init; }

    public required Role Role { get; init; }

    /// <summary>See <see cref="OneUseCode.Hash"/>.</summary>
    public required string Hash { get; init; }

    /// <summary>Name of the person who invites.</summary>
    public required string InvitedBy { get; init; }

    /// <summary>The same person: an invitation is good only while they may manage the organisation.</summary>
    public required Guid InvitedById { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; set; }
}

/// <summary>An invitation with its code, which is to be had this once.</summary>
public sealed record IssuedInvitation(Invitation Invitation, OneUseCode Code);

/// <summary>What an invited person is told.</summary>
/// <param name="Organisation">Its name.</param>
/// <param name="InvitedBy">Name of the person who invites.</param>
/// <param name="Email">Whom it is for.</param>
/// <param name="Role">What they will be.</param>
/// <param name="HasAccount">There is an account with this address: its person signs in to accept.</param>
public sealed record OpenInvitation(string Organisation, string InvitedBy, string Email, Role Role, bool HasAccount);
