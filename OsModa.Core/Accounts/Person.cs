using Microsoft.AspNetCore.Identity;

namespace OsModa.Core.Accounts;

/// <summary>Somebody who can sign in.</summary>
public sealed class Person : IdentityUser<Guid>
{
    /// <summary>How others see them in histories.</summary>
    public required string Name { get; set; }
}

/// <summary>Owner of servers, people's rights in it, and all rows that belong together.</summary>
public sealed class Organisation
{
    public required Guid Id { get; init; }

    public required string Name { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>What a person may do in one organisation.</summary>
public sealed class Membership
{
    public required Guid PersonId { get; init; }

    public required Guid OrganisationId { get; init; }

    public required Role Role { get; set; }
}

/// <summary>In rising order of rights.</summary>
public enum Role
{
    /// <summary>Helps from outside: sees what a viewer sees, and each page that they look at stands in the organisation's ledger before they see it.</summary>
    Support,
    /// <summary>Sees everything of the organisation.</summary>
    Viewer,
    /// <summary>And acts on servers.</summary>
    Operator,
    /// <summary>And adds and removes servers and people.</summary>
    Owner,
}

/// <summary>The person on whose behalf code runs, with rights read for this very call.</summary>
public sealed record Caller(Guid PersonId, string Name, Guid OrganisationId, Role Role)
{
    /// <summary>Network address of their browser; empty where none is known.</summary>
    public string From { get; init; } = "";

    /// <summary>The organisation that they look at for its sake; empty for its own people.</summary>
    public string OnBehalfOf { get; init; } = "";

    public bool MayAct => Role >= Role.Operator;

    public bool MayManage => Role >= Role.Owner;
}
