using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>What one dashboard process has for its connections, with a key of its own, in a folder of its own.</summary>
internal sealed class SshLab : IAsyncDisposable
{
    private readonly string _place;

    private SshLab(string place, SshClient client, string publicKey) => (_place, Client, PublicKey) = (place, client, publicKey);

    public SshClient Client { get; }

    public string PublicKey { get; }

    public Guid Organisation { get; } = Guid.NewGuid();

    public static async Task<SshLab> OpenAsync(SshSettings? settings = null, string? place = null)
    {
        place ??= Directory.CreateTempSubdirectory("ssh-").FullName;
        var programs = SshPrograms.Find();
        settings = (settings ?? new SshSettings()) with { RuntimeFolder = place };
        var folder = SshFolder.Open(settings);
        using var pair = await SshKeyPair.MakeAsync(programs, "test", CancellationToken.None);
        var (publicKey, privateKey) = (pair.PublicKey, pair.PrivateKey.Reveal().ToArray());
        var agents = new SshAgents(programs, folder, (_, _) => Task.FromResult(new SshKeyPair(publicKey, OsModa.Core.Storage.Secret.Take(privateKey.ToArray()))));
        return new SshLab(place, new SshClient(settings, programs, folder, agents, new AddressPolicy(settings), TimeProvider.System, NullLogger.Instance), publicKey);
    }

    /// <summary>A server that admits our key, with its host key accepted.</summary>
    public async Task<OpenSshShell> ShellAsync(LabServer server, string user = "root")
    {
        await server.AdmitAsync(PublicKey, user);
        return new OpenSshShell(Client, Route(server, user));
    }

    public SshRoute Route(LabServer server, string user = "root") => Route(Hop(server, user));

    public SshRoute Route(params SshHop[] hops) => new(Organisation, [.. hops]);

    public static SshHop Hop(LabServer server, string user = "root") => Hop(server.Address, server.Port, user, server.HostKey);

    public static SshHop Hop(string address, int port, string user, params ImmutableArray<string> keys)
    {
        Assert.True(HostAddress.TryParse(address, out var host, out _));
        Assert.True(LoginName.TryParse(user, out var login, out _));
        return new SshHop(ServerId.New(), host, port, login, [.. keys.Select(Key)]);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.Agents.DisposeAsync();
        Client.Folder.Dispose();
        Directory.Delete(_place, recursive: true);
    }

    private static HostKey Key(string line)
    {
        var words = line.Split(' ');
        return HostKey.TryParse(words[0], words[1], out var key) ? key : throw new FormatException(line);
    }
}
