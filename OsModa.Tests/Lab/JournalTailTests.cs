using OsModa.Core.Observation;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Lab;

[Trait("Tier", "lab")]
public sealed class JournalTailTests
{
    [Fact]
    public async Task The_journal_of_a_unit_comes_from_its_past_on_and_goes_on_live_and_harmless()
    {
        await using var lab = await SshLab.OpenAsync();
        await using var machine = await LabServer.UpAsync();
        await using var shell = await lab.ShellAsync(machine);
        var tail = new JournalTail((_, _) => ValueTask.FromResult<IRemoteShell>(shell), TimeProvider.System);
        await machine.ShellAsync("systemd-run --unit=talker -p Environment=PATH=/run/current-system/sw/bin sh -c 'echo first; while [ ! -e /run/go ]; do sleep 0.05; done; printf \"\\033[31mred\\033[0m \\377\\n\"; exec sleep 600'");
        var seen = new List<JournalEntry>();

        await foreach (var entry in tail.ReadAsync(OsModa.Core.Servers.ServerId.New(), UnitName.Parse("talker.service"), 50, TestContext.Current.CancellationToken))
        {
            seen.Add(entry);
            if (entry.Text == "first")
            {
                await machine.EnterAsync("touch", "/run/go");
            }

            if (entry.Text.StartsWith("red", StringComparison.Ordinal))
            {
                break;
            }
        }

        Assert.Equal("red \uFFFD", seen[^1].Text);
        Assert.Equal(("sh", 6), (seen[^1].Identifier, seen[^1].Priority));
        Assert.All(seen, entry => Assert.NotNull(entry.At));
    }

    [Fact]
    public async Task However_many_read_journals_what_else_is_asked_of_the_server_finds_a_place_and_the_connection_stays()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var lab = await SshLab.OpenAsync();
        await using var machine = await LabServer.UpAsync();
        await using var shell = await lab.ShellAsync(machine);
        var tail = new JournalTail((_, _) => ValueTask.FromResult<IRemoteShell>(shell), TimeProvider.System);
        var (server, unit) = (OsModa.Core.Servers.ServerId.New(), UnitName.Parse("sshd.service"));
        var open = new List<IAsyncEnumerator<JournalEntry>>();
        for (var i = 0; i < JournalTail.MostAtOnce; i++)
        {
            open.Add(tail.ReadAsync(server, unit, 50, stop).GetAsyncEnumerator(stop));
            Assert.True(await open[i].MoveNextAsync());
        }

        await using var tooMany = tail.ReadAsync(server, unit, 50, stop).GetAsyncEnumerator(stop);
        var refused = await Assert.ThrowsAsync<ConnectionException>(async () => await tooMany.MoveNextAsync());
        Assert.Equal("5 journals of this server are read already, here or by others. Close one, then try again.", refused.Fault.Detail);
        Assert.True((await shell.ProbeAsync(stop)).IsNixos);
        Assert.Equal(1, await machine.LoginsAsync());

        await open[0].DisposeAsync();
        await using (var next = tail.ReadAsync(server, unit, 50, stop).GetAsyncEnumerator(stop))
        {
            Assert.True(await next.MoveNextAsync());
        }

        foreach (var reader in open)
        {
            await reader.DisposeAsync();
        }
    }
}
