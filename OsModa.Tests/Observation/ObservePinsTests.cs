using System.Diagnostics;
using System.Globalization;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Observation;

/// <summary>The part of observe.sh that tells systems and generations, run on folders of its own.</summary>
public sealed class ObservePinsTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("osmoda-pins-");

    [Fact]
    public async Task Where_a_system_is_missing_nothing_changes_until_it_comes()
    {
        Directory.CreateDirectory(Path.Combine(_root.FullName, "run"));

        Assert.Equal("no no yes no", await RunAsync(
            """
            said() { if pins_changed; then printf yes; else printf no; fi; }
            pins >/dev/null
            said; printf ' '; said; printf ' '
            mkdir "$root/a" && ln -s "$root/a" /run/current-system
            said; printf ' '
            pins >/dev/null
            said
            """));
    }

    [Theory]
    [InlineData("kernel=a initrd=a kernel-modules=a systemd=255.6", "kernel=a initrd=a kernel-modules=a systemd=255.6", "0\t")]
    [InlineData("kernel=a initrd=a kernel-modules=a systemd=255.6", "kernel=a initrd=b kernel-modules=a systemd=255.6", "1\tinitrd")]
    [InlineData("kernel=a initrd=a kernel-modules=a systemd=255.6", "kernel=b initrd=b kernel-modules=b systemd=256", "1\tkernel initrd kernel-modules systemd")]
    [InlineData("kernel=a initrd=a kernel-modules=a systemd=255.6", "kernel=a initrd=a kernel-modules=a systemd=255.9", "0\t")]
    [InlineData("kernel=a kernel-modules=a systemd=255.6", "kernel=a kernel-modules=a systemd=255.6", "0\t")]
    [InlineData("kernel=a initrd=a kernel-modules=a", "kernel=a kernel-modules=a", "1\tinitrd")]
    [InlineData("systemd=255.6", "systemd=255.9", "0\t")]
    [InlineData("", "", "0\t")]
    public async Task A_restart_is_needed_for_the_parts_that_one_of_the_two_has_and_that_differ(string booted, string current, string reboot)
    {
        Make("booted-system", booted);
        Make("current-system", current);

        Assert.Equal(reboot, string.Join('\t', (await RunAsync("pins")).TrimEnd('\n').Split('\t')[7..]));
    }

    [Fact]
    public async Task Of_very_many_generations_those_with_the_highest_numbers_are_told()
    {
        for (var number = 1; number <= 1_100; number++)
        {
            File.CreateSymbolicLink(Path.Combine(_root.FullName, $"system-{number}-link"), $"/nix/store/0123456789abcdfghijklmnpqrsvwxyz-nixos-system-web1-{number}");
        }

        var told = (await RunAsync("monotonic; generations")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).ToList();

        Assert.Equal(Enumerable.Range(77, 1_024).Reverse(), told[1..^1].Select(fields => int.Parse(fields[3], CultureInfo.InvariantCulture)));
        Assert.Equal(["end", "generations", "1024"], new[] { told[^1][0], told[^1][3], told[^1][4] });
    }

    [Theory]
    [InlineData("{\"configurationRevision\":\"4f2a1b9c0d1e2f3a4b5c6d7e8f9a0b1c2d3e4f50-dirty\",\"nixosVersion\":\"24.05.20240601.abc1234\",\"nixpkgsRevision\":\"abc1234\"}", "4f2a1b9c0d1e2f3a4b5c6d7e8f9a0b1c2d3e4f50-dirty")]
    [InlineData("{\"nixosVersion\":\"24.05.20240601.abc1234\",\"nixpkgsRevision\":\"abc1234\"}", "")]
    public async Task The_revision_of_a_configuration_stands_in_the_program_nixos_version(string json, string revision)
    {
        var system = Directory.CreateDirectory(Path.Combine(_root.FullName, "nixos-system-web1"));
        await File.WriteAllTextAsync(
            Path.Combine(system.CreateSubdirectory("sw/bin").FullName, "nixos-version"),
            $"#! /bin/sh\ncase \"$1\" in\n  --configuration-revision)\n    if [[ \"@configurationRevision@\" =~ \"@\" ]]; then exit 1; fi ;;\n  --json)\n    cat <<EOF\n{json}\nEOF\n    ;;\nesac\n",
            TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(Path.Combine(_root.FullName, "system-7-link"), system.FullName);

        Assert.Equal(["7", revision], (await RunAsync("generations")).Split('\n')[1].Split('\t') is var fields ? [fields[3], fields[8]] : []);
    }

    [Fact]
    public async Task A_profile_without_generations_is_an_empty_set() =>
        Assert.Equal(["begin", "end"], (await RunAsync("generations")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')[0]));

    public void Dispose() => _root.Delete(recursive: true);

    // A part is a link to a package of its own version, as in a system of NixOS.
    private void Make(string name, string parts)
    {
        var system = Directory.CreateDirectory(Path.Combine(_root.FullName, "run", name)).FullName;
        foreach (var part in parts.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static part => part.Split('=')))
        {
            var package = Directory.CreateDirectory(Path.Combine(_root.FullName, $"0123456789abcdfghijklmnpqrsvwxyz-{part[0]}-{part[1]}")).FullName;
            File.CreateSymbolicLink(Path.Combine(system, part[0]), package);
        }
    }

    private async Task<string> RunAsync(string script)
    {
        var text = $"root={_root.FullName} profile={_root.FullName}/system writer=m count=0 boot=5f3a9c01 tab=$(printf '\\t') nl='\n'\nset -f\n"
            + RemoteScript.Together("observe-frames.sh", "boot-parts.sh", "observe-pins.sh").Text + script;
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", text.Replace("/run/", _root.FullName + "/run/", StringComparison.Ordinal)]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var told = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        return told;
    }
}
