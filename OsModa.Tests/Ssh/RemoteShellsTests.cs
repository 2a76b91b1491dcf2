using Microsoft.EntityFrameworkCore;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Ssh;

public sealed class RemoteShellsTests : IAsyncLifetime
{
    private ShellsOfDatabase _one = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _one = await ShellsOfDatabase.OpenAsync();

    public async ValueTask DisposeAsync() => await _one.DisposeAsync();

    [Fact]
    public async Task Everybody_gets_the_same_shell_of_a_server()
    {
        var server = await _one.AddAsync("web1", simulated: true);

        var shells = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(async () => await _one.Shells.ForAsync(server.Id, Cancelled))));

        Assert.Single(shells.Distinct());
        Assert.Single(_one.Simulated, s => !s.Disposed);
    }

    [Fact]
    public async Task A_changed_entry_closes_the_shell_and_the_next_one_is_new()
    {
        var server = await _one.AddAsync("web1", simulated: true);
        var before = await _one.Shells.ForAsync(server.Id, Cancelled);

        await _one.Shells.ReleaseAsync(server.Id);

        Assert.True(((FakeShell)before).Disposed);
        Assert.NotSame(before, await _one.Shells.ForAsync(server.Id, Cancelled));
    }

    [Fact]
    public async Task A_changed_jump_host_closes_the_shells_that_go_through_it()
    {
        var jump = await _one.AddAsync("gate");
        var middle = await _one.AddAsync("middle", jump: jump.Id);
        var behind = await _one.AddAsync("inner", jump: middle.Id);
        var beside = await _one.AddAsync("beside");
        var (first, second) = (await _one.Shells.ForAsync(behind.Id, Cancelled), await _one.Shells.ForAsync(beside.Id, Cancelled));

        await _one.Shells.ReleaseAsync(jump.Id);

        Assert.NotSame(first, await _one.Shells.ForAsync(behind.Id, Cancelled));
        Assert.Same(second, await _one.Shells.ForAsync(beside.Id, Cancelled));
    }

    [Fact]
    public async Task A_server_without_an_accepted_key_is_not_connected_to()
    {
        var server = await _one.AddAsync("web1");
        var shell = await _one.Shells.ForAsync(server.Id, Cancelled);

        var refusal = await Assert.ThrowsAsync<ConnectionException>(() => shell.StartAsync(new RemoteScript("say.sh", "echo"), [], Cancelled));

        Assert.Equal((ConnectionFaultKind.HostKeyUnknown, server.Id), (refusal.Fault.Kind, refusal.Fault.KeyOf!.Value));
    }

    [Fact]
    public async Task A_server_that_is_gone_is_told_so() =>
        Assert.Equal(ConnectionFaultKind.Ours, (await Assert.ThrowsAsync<ConnectionException>(async () => await _one.Shells.ForAsync(ServerId.New(), Cancelled))).Fault.Kind);

    [Fact]
    public async Task Jump_hosts_in_a_circle_are_told_so()
    {
        var (first, second) = (await _one.AddAsync("a"), await _one.AddAsync("b"));
        await using (var context = _one.Database.OpenFor(_one.Owner))
        {
            (await context.Servers.SingleAsync(s => s.Id == first.Id, Cancelled)).JumpThrough = second.Id;
            (await context.Servers.SingleAsync(s => s.Id == second.Id, Cancelled)).JumpThrough = first.Id;
            await context.SaveChangesAsync(Cancelled);
        }

        var refusal = await Assert.ThrowsAsync<ConnectionException>(async () => await _one.Shells.ForAsync(first.Id, Cancelled));

        Assert.Contains("circle", refusal.Fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_led_through_another_organisations_server()
    {
        var other = await _one.OrganisationAsync("Other");
        var theirs = await _one.AddAsync("gate", owner: other);
        var ours = await _one.AddAsync("web1", jump: theirs.Id);

        await Assert.ThrowsAsync<ConnectionException>(async () => await _one.Shells.ForAsync(ours.Id, Cancelled));
    }

    [Theory]
    [InlineData("-oProxyCommand=id")]
    [InlineData("a b")]
    [InlineData("x\nProxyCommand id")]
    [InlineData("127.0.0.1:22")]
    public async Task An_address_that_slipped_into_the_database_unchecked_goes_nowhere(string address)
    {
        var server = await _one.AddAsync("web1", address);

        var refusal = await Assert.ThrowsAsync<ConnectionException>(async () => await _one.Shells.ForAsync(server.Id, Cancelled));

        Assert.Equal(ConnectionFaultKind.Ours, refusal.Fault.Kind);
    }
}
