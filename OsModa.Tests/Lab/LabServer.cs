using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace OsModa.Tests.Lab;

/// <summary>
/// A real server of the lab (lab/README.md) with a name of its own, forgotten when disposed. Needs root on Debian; the first one on
/// a machine takes about a minute, further ones under a second. Its address is reachable from this machine only.
/// </summary>
public sealed class LabServer : IAsyncDisposable
{
    internal static readonly string Folder = Path.Combine(Repository.Folder, "lab");
    private readonly JsonElement _facts;

    private LabServer(JsonElement facts) => _facts = facts;

    public string Name => Fact("name");

    public string Address => Fact("address");

    public int Port => _facts.GetProperty("port").GetInt32();

    /// <summary>The login that was asked for; root unless <c>--user</c> said otherwise.</summary>
    public string User => Fact("user");

    /// <summary>As in a .pub file: type and base 64. As it was when the server came up.</summary>
    public string HostKey => Fact("hostKey");

    /// <summary><c>SHA256:…</c> of <see cref="HostKey"/>.</summary>
    public string Fingerprint => Fact("fingerprint");

    /// <summary>File of the key that the lab itself logs in with.</summary>
    public string PrivateKeyFile => Fact("privateKey");

    /// <summary>File of the host keys that the lab knows.</summary>
    public string KnownHostsFile => Fact("knownHosts");

    /// <summary>Makes and starts a server and waits until it is ready.</summary>
    /// <param name="options">Options of lab/up, such as <c>--store troubles</c> or <c>--user deploy --no-sudo</c>.</param>
    public static async Task<LabServer> UpAsync(params string[] options)
    {
        var name = $"t-{Guid.NewGuid():N}"[..14];
        try
        {
            using var json = JsonDocument.Parse(await RunAsync("up", [name, .. options, "--json"]));
            return new LabServer(json.RootElement.Clone());
        }
        catch
        {
            await RunAsync("down", [name, "--rm"], mayFail: true);
            throw;
        }
    }

    /// <summary>One that another process has made and will take down.</summary>
    public static async Task<LabServer> KnownAsync(string name)
    {
        using var json = JsonDocument.Parse(await RunAsync("up", [name, "--json"]));
        return new LabServer(json.RootElement.Clone());
    }

    /// <summary>Proves what lab/README.md promises, on servers of its own; returns a line a check, and how many there were at the end.</summary>
    /// <param name="parts">Names of lab/checks, without <c>.sh</c>; they may share a server, so their order counts.</param>
    public static Task<string> CheckAsync(params string[] parts) => RunAsync("check", parts, mayFail: true);

    /// <summary>What a file of its own holds now, seen from this machine: costs next to nothing, unlike a program on the server. Not of file systems in memory, such as /run.</summary>
    /// <param name="path">Absolute.</param>
    /// <returns>Empty when there is none.</returns>
    public async Task<string> OnDiskAsync(string path)
    {
        try
        {
            return await File.ReadAllTextAsync(Fact("disk") + path);
        }
        catch (IOException missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return "";
        }
    }

    /// <summary>Pulls the network cable.</summary>
    public Task PlugOutAsync() => RunAsync("plug", [Name, "out"]);

    /// <summary>Puts the cable back.</summary>
    public Task PlugInAsync() => RunAsync("plug", [Name, "in"]);

    /// <summary>Its clock jumps to so much from the true time, for every program that is started from then on; zero puts it right.</summary>
    public Task JumpAsync(TimeSpan away) => RunAsync("clock", [Name, ((long)away.TotalSeconds).ToString(CultureInfo.InvariantCulture)]);

    /// <summary>Gives it another host key, as after a reinstallation; returns the new fingerprint.</summary>
    public async Task<string> ChangeHostKeyAsync() => (await RunAsync("hostkey", [Name])).Trim();

    /// <summary>Restarts it and waits until it is back.</summary>
    public Task RebootAsync() => RunAsync("reboot", [Name]);

    /// <summary>A power cut: it is off at once, its disk stays as it is. <see cref="PowerOnAsync"/> brings it back.</summary>
    public Task CutPowerAsync() => RunAsync("kill", [Name]);

    public Task PowerOnAsync() => RunAsync("up", [Name]);

    /// <summary>Somebody on the server switches by hand; returns the output of switch-to-configuration.</summary>
    public Task<string> SwitchAsync(int generation, string action = "switch", bool mayFail = false) =>
        RunAsync("switch", [Name, generation.ToString(), action], mayFail);

    /// <summary>How many switches have begun on it since its boot, by anybody.</summary>
    public async Task<int> SwitchesAsync() =>
        int.Parse(await ShellAsync("journalctl --sync; journalctl -q -t nixos -o cat | grep -c '^switching to system configuration' || true"), CultureInfo.InvariantCulture);

    /// <summary>How often its sshd has let somebody in by a key since its boot.</summary>
    public async Task<int> LoginsAsync() =>
        int.Parse(await ShellAsync("journalctl --sync; journalctl -q -o cat _COMM=sshd + _COMM=sshd-session | grep -c '^Accepted publickey' || true"), CultureInfo.InvariantCulture);

    /// <summary>Which generation a link leads to, such as <c>/run/current-system</c>.</summary>
    public async Task<int> GenerationAsync(string link) => int.Parse(
        await ShellAsync($"for l in /nix/var/nix/profiles/system-*-link; do [ $l -ef {link} ] && n=${{l##*system-}} && echo ${{n%-link}}; done | head -n 1"), CultureInfo.InvariantCulture);

    /// <summary>Runs a command as root at the server's console, network or not; returns its output.</summary>
    public Task<string> EnterAsync(params string[] command) => RunAsync("enter", [Name, .. command]);

    /// <summary>The same for a line of shell.</summary>
    public Task<string> ShellAsync(string script) => EnterAsync("/bin/sh", "-c", script);

    /// <summary>The same for a server that may be down, or go down meanwhile: then what it had said until then.</summary>
    public Task<string> TryShellAsync(string script) => RunAsync("enter", [Name, "/bin/sh", "-c", script], mayFail: true);

    /// <summary>Makes one more login besides root.</summary>
    /// <param name="name">User name; has sudo unless the options say otherwise.</param>
    /// <param name="options"><c>--no-sudo</c>, <c>--expired</c>.</param>
    public Task AddUserAsync(string name, params string[] options) => RunAsync("up", [Name, "--user", name, .. options]);

    /// <summary>Restarts its sshd and waits until that listens.</summary>
    public Task RestartSshdAsync() => EnterAsync("/bin/bash", "-c", "systemctl restart sshd; until (exec 3<>/dev/tcp/127.0.0.1/22) 2>/dev/null; do sleep 0.02; done");

    /// <summary>Lets a public key in.</summary>
    public Task AdmitAsync(string publicKey, string? user = null) => RunAsync("admit", [Name, publicKey, user ?? User]);

    public async ValueTask DisposeAsync()
    {
        await RunAsync("kill", [Name], mayFail: true);
        await RunAsync("down", [Name, "--rm"], mayFail: true);
    }

    private string Fact(string name) => _facts.GetProperty(name).GetString()!;

    private static async Task<string> RunAsync(string command, string[] arguments, bool mayFail = false)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(Folder, command), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(10));
        }
        catch (TimeoutException late)
        {
            process.Kill(entireProcessTree: true);                  // it may hold the lock of the server, which the next one waits for
            throw new TimeoutException($"lab/{command} {string.Join(' ', arguments)} did not end within ten minutes.", late);
        }

        return mayFail || process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"lab/{command} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{await errors}");
    }
}
