namespace OsModa.Tests.Lab;

/// <summary>A server of the lab that holds a customer's repository, as git hosts do: OpenSSH, and a login whose shell is git-shell. It lets nobody in yet.</summary>
public sealed class GitHost : IAsyncDisposable
{
    private const string Path = "/home/git/servers.git";

    private GitHost(LabServer server) => Server = server;

    public LabServer Server { get; }

    /// <summary>As people write it, and as git understands it.</summary>
    public string Repository => $"git@{Server.Address}:servers.git";

    public static async Task<GitHost> UpAsync()
    {
        var host = new GitHost(await LabServer.UpAsync("--user", "git", "--no-sudo"));
        await host.Server.ShellAsync($"git init -q --bare --initial-branch=main {Path} && chown -R git: {Path} && /usr/sbin/usermod --shell /usr/bin/git-shell git");
        return host;
    }

    /// <summary>A command of git in the repository, as somebody who is at work on that machine.</summary>
    public async Task<string> GitAsync(string command) => (await Server.EnterAsync("su", "git", "-s", "/bin/sh", "-c", $"git --git-dir {Path} {command}")).Trim();

    /// <summary>Somebody else's commit, on top of what is there.</summary>
    /// <returns>Its name.</returns>
    public async Task<string> CommitAsync(string title)
    {
        var commit = await GitAsync($"""-c user.name=Eve -c user.email=eve@example.org commit-tree main^{"{tree}"} -p main -m "{title}" """);
        await GitAsync($"update-ref refs/heads/main {commit}");
        return commit;
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
