using System.Diagnostics;
using System.Net;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Ssh;

public sealed class SshConfigTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("conf-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Ssh_understands_it_as_we_mean_it()
    {
        var route = TestRoutes.Of(("web1.example.org", "deploy"));

        var options = await OptionsAsync(route, "192.0.2.7", route.Server);

        Assert.Equal("192.0.2.7", options["hostname"]);
        Assert.Equal("deploy", options["user"]);
        Assert.Equal("22", options["port"]);
        Assert.Equal(route.Server.Id.ToString(), options["hostkeyalias"]);
        Assert.Equal("true", options["stricthostkeychecking"]);
        Assert.Equal($"{_folder}/known_hosts", options["userknownhostsfile"]);
        Assert.Equal("/dev/null", options["globalknownhostsfile"]);
        Assert.Equal("yes", options["batchmode"]);
        Assert.Equal("publickey", options["preferredauthentications"]);
        Assert.Equal("yes", options["identitiesonly"]);
        Assert.Equal("/run/agent", options["identityagent"]);
        Assert.Equal("no", options["forwardagent"]);
        Assert.Equal("no", options["forwardx11"]);
        Assert.Equal("no", options["permitlocalcommand"]);
        Assert.Equal("false", options["updatehostkeys"]);
        Assert.Equal("15", options["serveraliveinterval"]);
        Assert.Equal("3", options["serveralivecountmax"]);
        Assert.Equal("none", options["escapechar"]);
        Assert.DoesNotContain("proxycommand", options.Keys);
        // Left to OpenSSH, which gets better by itself.
        Assert.DoesNotContain("KexAlgorithms", await File.ReadAllTextAsync($"{_folder}/config", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_jump_host_is_gone_through_under_the_same_rules()
    {
        var route = TestRoutes.Of(("192.0.2.1", "jumper"), ("10.1.2.3", "root"));

        var behind = await OptionsAsync(route, "192.0.2.1", route.Server);
        var jump = await OptionsAsync(route, "192.0.2.1", route.First);

        Assert.EndsWith($"-F {_folder}/config -W \"[10.1.2.3]:22\" -- {route.First.Id}", behind["proxycommand"], StringComparison.Ordinal);
        Assert.Equal("jumper", jump["user"]);
        Assert.Equal("true", jump["stricthostkeychecking"]);
        Assert.DoesNotContain("proxycommand", jump.Keys);
    }

    [Fact]
    public async Task The_keys_that_ssh_finds_are_those_accepted_for_the_id()
    {
        var route = TestRoutes.Of(("192.0.2.1", "root"), ("10.1.2.3", "root"));
        await File.WriteAllTextAsync($"{_folder}/known_hosts", SshConfig.KnownHosts(route), TestContext.Current.CancellationToken);

        foreach (var hop in route.Hops)
        {
            var found = await RunAsync("ssh-keygen", "-F", hop.Id.ToString(), "-f", $"{_folder}/known_hosts");
            Assert.Contains($"{hop.Id} ssh-ed25519 {TestRoutes.Ed25519}", found, StringComparison.Ordinal);
        }
    }

    private async Task<Dictionary<string, string>> OptionsAsync(SshRoute route, string address, SshHop hop)
    {
        var files = new SshFiles(_folder);
        var text = SshConfig.Text(route, IPAddress.Parse(address), files, new AgentKey("/run/agent", "/run/key.pub"), new SshSettings(), SshPrograms.Find());
        await File.WriteAllTextAsync(files.Config, text, TestContext.Current.CancellationToken);
        var lines = await RunAsync("ssh", "-G", "-F", files.Config, "--", hop.Id.ToString());
        return lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ', 2)).GroupBy(w => w[0]).ToDictionary(g => g.Key, g => g.First().ElementAtOrDefault(1) ?? "");
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
