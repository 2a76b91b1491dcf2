using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;

namespace OsModa.Core.Configuration;

/// <summary>
/// A configuration without a flake is evaluated with the channel of the machine that builds. Built for another server, that is only its own system
/// where both have the same nixpkgs: the same path in the store.
/// </summary>
internal static class SameNixpkgs
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <returns>Why the builder must not build for the server, in one sentence; null when it may.</returns>
    public static async Task<string?> FaultAsync(ShellOf shells, Server server, Server builder, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var (own, other) = (await AskAsync(shells, server.Id, either.Token), await AskAsync(shells, builder.Id, either.Token));
            return own is not null && own == other ? null
                : $"{server.Name} has no flake, so it is built with the nixpkgs of whoever builds it, and that of {builder.Name} is another one. Give both the same channel, make the configuration a flake, which names its nixpkgs, or build it on {server.Name}.";
        }
        catch (ConnectionException lost)
        {
            return $"Whether {server.Name} and {builder.Name} have the same nixpkgs cannot be asked now, and without that {builder.Name} could build another system: {lost.Fault.Detail}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{server.Name} and {builder.Name} did not tell in time whether they have the same nixpkgs, and without that {builder.Name} could build another system.";
        }
    }

    private static async Task<string?> AskAsync(ShellOf shells, ServerId server, CancellationToken cancellationToken) => (await SourceOnServer.AskAsync(await shells(server, cancellationToken), cancellationToken)).Nixpkgs;
}
