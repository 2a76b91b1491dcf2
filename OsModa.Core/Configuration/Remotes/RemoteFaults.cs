using OsModa.Core.Ssh;

namespace OsModa.Core.Configuration;

/// <summary>What keeps us from a remote repository and is another thing there than on a server, in sentences.</summary>
internal static class RemoteFaults
{
    public static ConnectionFault Denied(SshHop host) => new(
        ConnectionFaultKind.PermissionDenied,
        $"{host} does not let the login '{host.Login}' in with this organisation's key. Add the public key to the repository there, as a key that may write.");

    /// <param name="host">With the keys that were accepted.</param>
    /// <param name="offered">Fingerprints of what it shows now, best kind first; empty when they could not be read.</param>
    public static ConnectionFault HostKeyChanged(SshHop host, IReadOnlyList<string> offered)
    {
        var accepted = host.Keys.Select(key => key.Fingerprint).ToList();
        var shows = offered.FirstOrDefault(key => !accepted.Contains(key, StringComparer.Ordinal)) is { } other ? $"the host key {other}" : "a host key that nobody has accepted";
        return new ConnectionFault(
            ConnectionFaultKind.HostKeyChanged,
            $"{host} now shows {shows}; accepted is {accepted.FirstOrDefault() ?? "none"}. It may have been installed anew, or somebody stands in between. Nothing is sent to it until an owner decides.")
        {
            KeyOf = host.Id,
            Offered = [.. offered],
        };
    }
}
