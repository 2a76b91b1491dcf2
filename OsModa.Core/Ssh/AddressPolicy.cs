using System.Net;
using System.Net.Sockets;
using OsModa.Core.Servers;

namespace OsModa.Core.Ssh;

/// <summary>
/// Which addresses the dashboard may be sent to by those who enter servers. A name is resolved once, every address it has must be
/// allowed, and the connection goes to an address that was checked, never to the name: so a name cannot change its mind in between.
/// </summary>
public sealed class AddressPolicy(SshSettings settings)
{
    private static readonly TimeSpan ResolveTime = TimeSpan.FromSeconds(5);

    // Addresses of clouds' metadata services outside the link-local range: AWS, Alibaba, Oracle.
    private static readonly IPAddress[] Metadata = [IPAddress.Parse("fd00:ec2::254"), IPAddress.Parse("100.100.100.200"), IPAddress.Parse("192.0.0.192")];

    private static readonly IPNetwork[] Private =
        [.. new[] { "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7" }.Select(n => IPNetwork.Parse(n))];

    private static readonly IPNetwork[] LinkLocal = [IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("fe80::/10"), IPNetwork.Parse("fec0::/10")];

    private static readonly IPNetwork[] Nobody =
        [.. new[] { "0.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4", "ff00::/8", "::/128" }.Select(n => IPNetwork.Parse(n))];

    // IPv6 addresses that carry an IPv4 address: at which byte.
    private static readonly (IPNetwork Network, int At)[] Carriers =
        [(IPNetwork.Parse("64:ff9b::/96"), 12), (IPNetwork.Parse("2002::/16"), 2), (IPNetwork.Parse("::/96"), 12)];

    /// <summary>Why connections to it are refused, as a sentence for a person; null when they are allowed.</summary>
    public string? Refuses(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (plain.Equals(IPAddress.IPv6Loopback) || (plain.AddressFamily == AddressFamily.InterNetwork && IPAddress.IsLoopback(plain)))
        {
            return settings.AllowLoopback ? null : $"{address} is the machine that the dashboard itself runs on. The operator can allow this with the setting Ssh__AllowLoopback=true.";
        }

        if (Metadata.Contains(plain) || Contains(LinkLocal, plain))
        {
            return $"{address} is a link-local or metadata address, which no server is reached by.";
        }

        if (Contains(Nobody, plain))
        {
            return $"{address} is not the address of a machine.";
        }

        if (!settings.AllowPrivate && Contains(Private, plain))
        {
            return $"{address} is in a private network, which the operator of this dashboard has not allowed (setting Ssh__AllowPrivate).";
        }

        return CarriedBy(plain) is { } carried ? Refuses(carried) : null;
    }

    /// <summary>Addresses of the first hop in the order to try them. Further hops are resolved by the hop before; if they are given as addresses, those are checked too.</summary>
    /// <exception cref="ConnectionException">The name is unknown, or an address is refused.</exception>
    internal async Task<IReadOnlyList<IPAddress>> ResolveAsync(SshRoute route, TimeProvider time, CancellationToken cancellationToken)
    {
        foreach (var hop in route.Hops.Skip(1))
        {
            if (IPAddress.TryParse(hop.Address.Text, out var behind) && Refuses(behind) is { } reason)
            {
                throw new ConnectionException(new ConnectionFault(ConnectionFaultKind.Ours, reason));
            }
        }

        return await ResolveAsync(route.First.Address, time, cancellationToken);
    }

    /// <summary>All addresses of a server in the order to try them; each one is allowed.</summary>
    /// <exception cref="ConnectionException">The name is unknown, or one of its addresses is refused.</exception>
    public async Task<IReadOnlyList<IPAddress>> ResolveAsync(HostAddress host, TimeProvider time, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(host.Text, out var literal) ? [literal] : await LookUpAsync(host, time, cancellationToken);
        foreach (var address in addresses)
        {
            if (Refuses(address) is { } reason)
            {
                var because = literal is null ? $"The name {host} leads to an address that is not allowed: {reason}" : reason;
                throw new ConnectionException(new ConnectionFault(ConnectionFaultKind.Ours, because));
            }
        }

        return addresses;
    }

    private static async Task<IPAddress[]> LookUpAsync(HostAddress host, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host.Text, cancellationToken).WaitAsync(ResolveTime, time, cancellationToken);
            if (addresses.Length > 0)
            {
                return [.. addresses.Take(4)];
            }
        }
        catch (SocketException e)
        {
            throw SshFaults.NameUnknown(host, e);
        }
        catch (TimeoutException e)
        {
            throw SshFaults.NameUnknown(host, e);
        }

        throw SshFaults.NameUnknown(host, null);
    }

    private static bool Contains(IPNetwork[] networks, IPAddress address) => networks.Any(n => n.Contains(address));

    private static IPAddress? CarriedBy(IPAddress address)
    {
        foreach (var (network, at) in Carriers)
        {
            if (address.AddressFamily == AddressFamily.InterNetworkV6 && network.Contains(address))
            {
                return new IPAddress(address.GetAddressBytes().AsSpan(at, 4));
            }
        }

        return null;
    }
}
