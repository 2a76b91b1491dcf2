using System.Diagnostics;
using OsModa.Core.Servers;
using Xunit;

namespace OsModa.Tests.Servers;

public sealed class HostKeyTests
{
    [Theory]
    [InlineData("ed25519", "256")]
    [InlineData("ecdsa", "256")]
    [InlineData("ecdsa", "521")]
    [InlineData("rsa", "2048")]
    [InlineData("rsa", "3072")]
    public async Task Fingerprint_and_picture_are_those_of_ssh_keygen(string kind, string bits)
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            await KeygenAsync("-q", "-t", kind, "-b", bits, "-N", "", "-f", $"{folder}/key");
            var words = (await File.ReadAllTextAsync($"{folder}/key.pub", TestContext.Current.CancellationToken)).Split(' ');
            Assert.True(HostKey.TryParse(words[0], words[1], out var key));

            var shown = (await KeygenAsync("-lv", "-f", $"{folder}/key.pub")).TrimEnd().Split('\n', 2);
            Assert.Equal(shown[0].Split(' ')[1], key.Fingerprint);
            Assert.Equal(shown[0].Split(' ')[0], key.Strength.Bits.ToString());
            Assert.Equal(shown[1], Randomart.Draw(key));
            Assert.Equal(words[1], key.Key);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("ssh-ed25519", "")]
    [InlineData("ssh-ed25519", "AAAA")]
    [InlineData("ssh-ed25519", "not base 64")]
    [InlineData("ssh-rsa", Ssh.TestRoutes.Ed25519)]
    [InlineData("ssh-dss", Ssh.TestRoutes.Ed25519)]
    [InlineData("ssh-ed25519 x", Ssh.TestRoutes.Ed25519)]
    [InlineData(null, null)]
    // A length that reaches beyond the end, and one that is negative.
    [InlineData("ssh-ed25519", "AAD//3NzaC1lZDI1NTE5")]
    [InlineData("ssh-ed25519", "/////3NzaC1lZDI1NTE5")]
    // An RSA key without numbers.
    [InlineData("ssh-rsa", "AAAAB3NzaC1yc2E=")]
    public void What_is_no_key_is_refused(string? type, string? key) => Assert.False(HostKey.TryParse(type, key, out _));

    [Fact]
    public void The_same_key_read_twice_is_one()
    {
        Assert.True(HostKey.TryParse("ssh-ed25519", Ssh.TestRoutes.Ed25519, out var first));
        Assert.True(HostKey.TryParse("ssh-ed25519", Ssh.TestRoutes.Ed25519, out var second));

        Assert.Equal(first, second);
        Assert.Equal("SHA256:2Z3C4BS/vm1RBwjhufwZDc7+e+EhXiByfK25twc3BWg", first.Fingerprint);
    }

    private static async Task<string> KeygenAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ssh-keygen", arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
