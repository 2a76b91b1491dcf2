using System.Collections.Immutable;
using OsModa.Core.Operations;
using OsModa.Core.Servers;

namespace OsModa.Dashboard.Live;

/// <summary>What people have said of a server, as pages need it; what the server says of itself is in the fleet.</summary>
public sealed record ServerCard(ServerId Id, Guid OrganisationId, string Name, string Address, ImmutableArray<string> Tags, DateTimeOffset AddedAt)
{
    public static ServerCard Of(Server server) =>
        new(server.Id, server.OrganisationId, server.Name, server.Address, [.. server.Tags], server.AddedAt);

    /// <summary>Acting on it asks for more: a reason, and its name typed.</summary>
    public bool Production => Tags.Contains(RollBackRules.ProductionTag);
}
