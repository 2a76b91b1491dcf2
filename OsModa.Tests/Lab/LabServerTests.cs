using Xunit;

namespace OsModa.Tests.Lab;

[Trait("Tier", "lab")]
public sealed class LabServerTests
{
    [Fact]
    public async Task A_server_of_the_lab_is_up_and_says_its_name()
    {
        await using var server = await LabServer.UpAsync();

        Assert.Equal(server.Name, (await server.ShellAsync("hostname")).Trim());
        Assert.StartsWith("ssh-ed25519 ", server.HostKey, StringComparison.Ordinal);
        Assert.NotEqual(server.Fingerprint, await server.ChangeHostKeyAsync());
    }
}
