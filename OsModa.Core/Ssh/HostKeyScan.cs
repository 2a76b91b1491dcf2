using System.Net;
using System.Text.RegularExpressions;
using OsModa.Core.Servers;

namespace OsModa.Core.Ssh;

/// <summary>
/// Reads the host keys that a server shows, directly or through jump hosts whose keys are known. Each kind of key takes one connection,
/// which ends right after the key exchange: the user's name is never sent, nor anything after it.
/// </summary>
internal sealed partial class HostKeyScan(SshClient client)
{
    // ssh offers the key to this command in the place of a known-hosts file; it prints it to us and says that it knows none.
    private const string TellKey = "KnownHostsCommand=/bin/sh -c \"echo hostkey %t %K >&2\"";

    private static readonly string[] Kinds = ["ssh-ed25519", "ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521", "rsa-sha2-512,rsa-sha2-256"];

    /// <summary>The keys, best kind first; one at least.</summary>
    /// <param name="route">The way to the server; keys of the last hop are not looked at.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ConnectionException">It cannot be reached, or shows no key that we know the kind of.</exception>
    public async Task<IReadOnlyList<HostKey>> ReadAsync(SshRoute route, CancellationToken cancellationToken)
    {
        var files = new SshFiles(client.Folder.Add());
        using var patience = new CancellationTokenSource(client.Settings.ConnectTime, client.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            return await ReadAsync(route, files, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ConnectionException(SshFaults.TimedOut(route));
        }
        finally
        {
            OwnFiles.DeleteFolder(files.Folder);
        }
    }

    private async Task<IReadOnlyList<HostKey>> ReadAsync(SshRoute route, SshFiles files, CancellationToken cancellationToken)
    {
        foreach (var jump in route.Hops.SkipLast(1))
        {
            if (jump.Keys.IsEmpty)
            {
                throw new ConnectionException(SshFaults.HostKeyUnknown(route, jump));
            }
        }

        // Only jump hosts get to see the organisation's key.
        var key = route.Jumps ? await client.Agents.ForAsync(route.Organisation, cancellationToken) : new AgentKey("none", "/dev/null");
        var addresses = await client.Addresses.ResolveAsync(route, client.Time, cancellationToken);
        for (var i = 0; ; i++)
        {
            await WriteAsync(route, files, addresses[i], key, cancellationToken);
            var answers = await Task.WhenAll(Kinds.Select(kind => AskAsync(route, files, kind, cancellationToken)));
            // A kind that the server does not have is no failure. Any other failure is one of the whole: keys are accepted all or none.
            var failed = answers.FirstOrDefault(a => a.Key is null && SshWords.Read(a.Errors)?.Word != SshWord.NothingInCommon);
            if (failed.Errors is null && answers.Any(a => a.Key is not null))
            {
                return [.. answers.Select(a => a.Key).OfType<HostKey>()];
            }

            if (i == addresses.Count - 1)
            {
                throw new ConnectionException(SshFaults.Connecting(failed.Errors ?? answers[0].Errors, route));
            }
        }
    }

    private async Task WriteAsync(SshRoute route, SshFiles files, IPAddress address, AgentKey key, CancellationToken cancellationToken)
    {
        await OwnFiles.WriteAsync(files.KnownHosts, SshConfig.KnownHosts(route with { Hops = [.. route.Hops.SkipLast(1)] }), cancellationToken);
        await OwnFiles.WriteAsync(files.Config, SshConfig.Text(route, address, files, key, client.Settings, client.Programs), cancellationToken);
    }

    private async Task<(HostKey? Key, string Errors)> AskAsync(SshRoute route, SshFiles files, string kinds, CancellationToken cancellationToken)
    {
        await using var ssh = await ChildProcess.StartBoundAsync(client.Programs, client.Programs.Ssh,
            ["-F", files.Config, "-S", "none", "-N", "-T", "-o", "UserKnownHostsFile=/dev/null", "-o", TellKey, "-o", $"HostKeyAlgorithms={kinds}", "--", route.Server.Id.ToString()]);
        await ssh.Ended.WaitAsync(cancellationToken);
        foreach (var line in Told().EnumerateMatches(ssh.Errors))
        {
            var words = ssh.Errors.AsSpan(line.Index, line.Length).Trim().ToString().Split(' ');
            if (HostKey.TryParse(words[1], words[2], out var key))
            {
                return (key, "");
            }
        }

        return (null, ssh.Errors);
    }

    [GeneratedRegex(@"^hostkey [a-z0-9\-]+ [A-Za-z0-9+/=]+\r?$", RegexOptions.NonBacktracking | RegexOptions.Multiline)]
    private static partial Regex Told();
}
