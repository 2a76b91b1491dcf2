using System.Collections.Immutable;
using OsModa.Core.Servers;

namespace OsModa.Core.Ssh;

/// <summary>All that is needed to reach a server: checked values only.</summary>
/// <param name="Organisation">Whose key is used; the same for every hop.</param>
/// <param name="Hops">Jump hosts in order, then the server itself: one or more.</param>
public sealed record SshRoute(Guid Organisation, ImmutableArray<SshHop> Hops)
{
    /// <summary>The server.</summary>
    public SshHop Server => Hops[^1];

    /// <summary>The only one that we connect to ourselves.</summary>
    public SshHop First => Hops[0];

    public bool Jumps => Hops.Length > 1;
}

/// <summary>One server on the way.</summary>
/// <param name="Id">Name under which its keys are known; addresses may change.</param>
/// <param name="Address">Name or address.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="Login">User on the server.</param>
/// <param name="Keys">Host keys that a person accepted; empty: none yet.</param>
public sealed record SshHop(ServerId Id, HostAddress Address, int Port, LoginName Login, ImmutableArray<HostKey> Keys)
{
    /// <summary>How sentences call it: <c>192.0.2.7</c>, with the port where it is not 22.</summary>
    public override string ToString() => Port == 22 ? Address.Text : $"{Address} port {Port}";
}
