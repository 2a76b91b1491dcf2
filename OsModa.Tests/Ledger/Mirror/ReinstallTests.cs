using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Storing;
using Xunit;

namespace OsModa.Tests.Ledger.Mirror;

/// <summary>A server that is installed anew, as announced and otherwise.</summary>
public sealed class ReinstallTests : MirrorRoom
{
    [Theory]
    [InlineData(20)]
    [InlineData(300)]      // more than were copied
    public async Task A_server_that_is_installed_anew_as_announced_is_no_alarm_and_the_entry_says_who(int events)
    {
        await CopiedAsync(200);
        await Mirror.AnnounceAsync("Ann");
        InstallAnew(0);

        var anew = await SeesAsync(s => s is { Status: ChainStatus.Verified, Epoch: 2 });
        Assert.Equal((null, null, 0), (anew.AnnouncedUntil, anew.AnnouncedBy, anew.Copied));
        var told = Ledger.Queries.Entry(TestLedger.Ours, anew.Entry!.Value)!.Action!;
        Assert.Equal(("The server was installed anew, as announced.", "Verified", "Ann"), (told.Text, told.Details["status"], told.Details["announcedBy"]));
        Agent!.Append(events);
        await SeesAsync(s => s is { Status: ChainStatus.Verified, Epoch: 2 } && s.Copied == events);

        InstallAnew(events);     // it counts once
        await SeesAsync(s => s.Status == ChainStatus.Reset);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(300)]
    public async Task A_chain_that_has_begun_anew_as_announced_is_copied_beside_the_old_one_by_one_entry(int events)
    {
        await CopiedAsync(200);
        await Mirror.AnnounceAsync("Ann");
        InstallAnew(events);

        await SeesAsync(s => s is { Status: ChainStatus.Verified, Epoch: 2 } && s.Copied == events);
        Assert.Single(Told("Verified"), static line => line.Action!.Details.ContainsKey("announcedBy"));
        Assert.Empty(Told("Reset"));
        Assert.Empty(Told("Cut"));
    }

    [Fact]
    public async Task A_server_that_is_installed_anew_unannounced_or_too_long_after_it_is_an_alarm()
    {
        await CopiedAsync(200);
        InstallAnew(20);
        var reset = await SeesAsync(s => s is { Status: ChainStatus.Reset, Epoch: 2, Copied: 20 });
        Assert.True(await Mirror.AcceptAsync(reset.Entry));
        await Mirror.AnnounceAsync("Ann");
        await EndAsync();
        await Ledger.Store.RunAsync(static group => group.Connection.Run("UPDATE standing SET announced_until = announced_until - 86400000"));
        Mirror = New();
        Assert.Equal("Ann", Mirror.Standing!.AnnouncedBy);
        InstallAnew(10);
        Running = Mirror.RunAsync(Stopping.Token);

        await SeesAsync(s => s.Status == ChainStatus.Reset);
    }

    [Fact]
    public async Task A_ledger_that_is_gone_is_no_alarm_while_a_new_installation_is_announced_and_one_after_that()
    {
        await CopiedAsync(20);
        await Mirror.AnnounceAsync("Ann");
        await EndAsync();
        Mirror = New();     // what was announced outlasts the dashboard
        Agent!.Dispose();
        Agent = null;
        File.Delete(Path.Combine(Folder, "ledger.db"));
        Running = Mirror.RunAsync(Stopping.Token);
        IsAway = true;
        await SeesAsync(s => s.FailingSince is not null);
        IsAway = false;
        Assert.Equal(ChainStatus.Verified, (await SeesAsync(s => s.FailingSince is null)).Status);

        await EndAsync();
        await Ledger.Store.RunAsync(static group => group.Connection.Run("UPDATE standing SET announced_until = 1"));
        Mirror = New();
        Running = Mirror.RunAsync(Stopping.Token);
        Assert.StartsWith("The server's own ledger is gone", (await SeesAsync(s => s.Status == ChainStatus.Cut)).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_else_is_done_to_a_chain_is_told_though_a_new_installation_is_announced()
    {
        await CopiedAsync(200);
        await Mirror.AnnounceAsync("Ann");
        Agent!.Run("DELETE FROM events WHERE id > 190");

        await SeesAsync(s => s.Status == ChainStatus.Cut);
    }
}
