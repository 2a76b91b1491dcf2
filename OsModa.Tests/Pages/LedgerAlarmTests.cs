using Bunit;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Mirror;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Servers;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Dashboard.Live;
using OsModa.Dashboard.Pages.Audit;
using OsModa.Tests.Ledger.Mirror;
using Xunit;

namespace OsModa.Tests.Pages;

/// <summary>What people are shown when somebody has been at a ledger.</summary>
public sealed class LedgerAlarmTests : PageRoom
{
    private static CancellationToken Stop => Xunit.TestContext.Current.CancellationToken;

    private LedgerStore Store => Services.GetRequiredService<LedgerStore>();

    private Publisher Publisher => Services.GetRequiredService<Publisher>();

    [Fact]
    public async Task An_event_that_was_edited_on_a_server_does_not_verify_and_the_panel_has_the_fields()
    {
        var standing = await MirroredAsync(agent => agent.Run("UPDATE events SET actor = 'mallory', payload = '{}' WHERE id = 7"), s => s.Status == ChainStatus.Rewritten);

        var panel = Panel(standing);

        panel.WaitForAssertion(() => Assert.Equal(["event 7, actor: “agentd” became “mallory”", "event 7, payload: “{\"a\":1}” became “{}”"], panel.FindAll(".chain-differences li").Select(line => line.TextContent)));
        Assert.Equal("The server's own ledger: rewritten. Does not verify at event 7. Event 7 was changed and does not give its hash any more.", panel.Find(".verdict").TextContent);
        Assert.Equal($"/servers/{_web1!.Id}/ledger?entry={standing.Entry}", panel.Find(".hint a").GetAttribute("href"));
        Assert.Equal("chain-explanations", panel.Find("#chain-reason").GetAttribute("list"));
        Assert.Equal(3, panel.FindAll("#chain-explanations option").Count);

        await Store.BeginEpochAsync(Ann.OrganisationId, new ActionBody { Verb = "", Who = "Ann", Why = "moved" }, DateTimeOffset.UnixEpoch);
        var later = Panel(standing);
        later.WaitForAssertion(() => Assert.Equal($"/servers/{_web1!.Id}/ledger?entry={standing.Entry}&epoch=1", later.Find(".hint a").GetAttribute("href")));
    }

    [Fact]
    public async Task Who_has_seen_to_it_says_so_and_is_told_what_stands_against_it()
    {
        _web1 = await AddServerAsync("web1");
        var panel = Panel(new ChainStanding(ChainStatus.Cut, 7, "Event 9 was there and is gone: the newest is now 7.", DateTimeOffset.UnixEpoch) { Entry = 1 });

        panel.Find("#chain-reason").Change("a backup was put back");
        panel.Find("form.lift").Submit();

        panel.WaitForAssertion(() => Assert.Contains("There is no such server, or it keeps no ledger of its own.", panel.Find("form.lift").TextContent, StringComparison.Ordinal));
        Assert.Equal("I have seen to it", panel.Find("form.lift button").TextContent);
    }

    [Fact]
    public async Task Root_who_hashes_everything_anew_after_an_edit_is_shown_with_the_first_event_and_the_fields()
    {
        var standing = await MirroredAsync(
            agent =>
            {
                agent.Run("UPDATE events SET type = 'nothing' WHERE id = 12");
                agent.Rehash(12, ChainFormat.Piped);
            },
            s => s.Status == ChainStatus.Rewritten);

        var panel = Panel(standing);

        panel.WaitForAssertion(() => Assert.Equal("event 12, type: “memory.store” became “nothing”", panel.Find(".chain-differences li").TextContent));
        Assert.StartsWith("The server's own ledger: rewritten. Does not verify at event 12. Event 12 was changed, and the events after it were hashed anew.", panel.Find(".verdict").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tail_that_was_cut_off_and_an_event_that_never_gave_its_hash_are_shown_as_what_they_are()
    {
        var cut = await MirroredAsync(agent => agent.Run("DELETE FROM events WHERE id > 45"), s => s.Status == ChainStatus.Cut);
        Assert.Equal("The server's own ledger: cut off. Does not verify at event 45. Event 50 was there and is gone: the newest is now 45.", Panel(cut).Find(".verdict").TextContent);

        var broken = new ChainStanding(ChainStatus.Broken, 40, "Does not verify at event 40.", DateTimeOffset.UnixEpoch);
        Assert.Equal("The server's own ledger: does not verify. Does not verify at event 40.", Panel(broken).Find(".verdict").TextContent);
    }

    [Fact]
    public async Task What_the_journal_tells_and_the_chain_does_not_is_counted_as_not_audited()
    {
        _web1 = await AddServerAsync("web1");
        var at = TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(1);
        await Store.AppendAsync(
            Ann.OrganisationId,
            [.. new[] { "/run/bin/rm -rf /srv", "/run/bin/id" }.Select(command => NewRecord.Of(RecordKind.Notice, new ActionBody { Verb = HostVerbs.Sudo, Who = "root", Text = "Ran " + command, Details = LedgerVerbs.Details(("command", command)) }, _web1.Id.Value, at))],
            Stop);

        var panel = Panel(new ChainStanding(ChainStatus.Verified, null, "50 events, all as they were written.", at));

        panel.WaitForAssertion(() => Assert.Equal("2 actions not audited", panel.Find("summary").TextContent.Trim()));
        Assert.Contains("Ran /run/bin/rm -rf /srv", panel.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_that_was_edited_here_is_named_by_the_page()
    {
        await AddServerAsync("web1");
        await Publisher.PublishAsync(Stop);
        Tamper("UPDATE bundle SET data = CAST(replace(CAST(data AS TEXT), 'web1', 'web9') AS BLOB) WHERE log = 1");

        var page = Render<OrganisationPage>();

        page.WaitForAssertion(() => Assert.Equal("Does not verify at entry 0: it is not what was written.", page.Find(".verdict").TextContent.Trim()));
        Assert.Contains("broken", page.Find(".proof svg").GetAttribute("class"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restored_database_is_told_with_what_to_do_and_an_owner_can_go_on()
    {
        await AddServerAsync("web1");
        await Publisher.PublishAsync(Stop);
        new ForkGuard(Services.GetRequiredService<LedgerSettings>().GuardFolder).Write(Store.Newest(Ann.OrganisationId)!, new Checkpoint("", 40, TreeHash.Zero), DateTimeOffset.UnixEpoch);

        var page = Render<OrganisationPage>();

        page.WaitForAssertion(() => Assert.Contains("has 2 entries, but 40 were signed: the database is older than that, as after a restored backup.", page.Markup, StringComparison.Ordinal));
        Assert.Contains("Nothing is written to the ledger, and no verb is carried out.", page.Markup, StringComparison.Ordinal);
        page.Find("#break-reason").Change("the disk broke");
        await page.Find("#break-reason").Closest("form")!.SubmitAsync();
        page.WaitForAssertion(() => Assert.Contains("began a new epoch of the ledger: “the disk broke”", page.Find(".entry p").TextContent, StringComparison.Ordinal));
        Assert.Equal(2, page.FindAll(".ledger-epochs a").Count);
    }

    [Fact]
    public async Task What_changed_before_it_was_signed_is_not_signed_and_the_page_says_that_nothing_is_any_more()
    {
        await AddServerAsync("web1");
        Tamper("UPDATE bundle SET data = CAST(replace(CAST(data AS TEXT), 'web1', 'web9') AS BLOB) WHERE log = 1");
        await Publisher.PublishAsync(Stop);

        var page = Render<OrganisationPage>();

        page.WaitForAssertion(() => Assert.Contains("is damaged: entry 0 is not what was written.", page.Markup, StringComparison.Ordinal));
        Assert.Contains("What is done is written to the ledger, but not signed.", page.Markup, StringComparison.Ordinal);
        Assert.Contains("apart from the data folder, so that a restored backup is noticed.", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("would not be noticed here", page.Markup, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".perforation"));
    }

    [Fact]
    public async Task A_page_of_a_ledger_whose_keys_are_open_to_others_or_lost_is_shown_and_says_so()
    {
        await AddServerAsync("web1");
        await Publisher.PublishAsync(Stop);
        var folder = Services.GetRequiredService<LedgerSettings>().KeyFolder;
        _ = Services.GetRequiredService<OsModa.Core.Ledger.Witnessing.Witness>().Key;
        File.SetUnixFileMode(Directory.GetFiles(folder, "*witness.key").Single(), UnixFileMode.UserRead | UnixFileMode.OtherRead);

        var open = Render<OrganisationPage>();
        open.WaitForAssertion(() => Assert.Contains("witness.key can be read or written by others.", open.Find(".ledger-vouching").TextContent, StringComparison.Ordinal));

        Directory.Delete(folder, recursive: true);
        var lost = Render<OrganisationPage>();
        lost.WaitForAssertion(() => Assert.Contains(".key is missing, so nothing can be signed with it.", lost.Find(".notice").TextContent, StringComparison.Ordinal));
        Assert.NotNull(lost.Find("#break-reason"));
    }

    [Fact]
    public async Task An_event_that_says_it_is_older_than_it_can_be_is_marked()
    {
        _web1 = await AddServerAsync("web1");
        await Publisher.PublishAsync(Stop);
        var e = new UpstreamEvent(1, "2026-01-15T11:59:00.000Z", "nixos.switch", "agentd", "{}", TreeHash.Zero);
        await Store.AppendAsync(Ann.OrganisationId, [NewRecord.Of(new ChainRow(e, e.Hash(ChainFormat.Piped)), ChainFormat.Piped, _web1.Id.Value, 1, TimeProvider.System.GetUtcNow())], Stop);
        GoTo("/ledger?entry=2");

        var page = Render<OrganisationPage>();

        page.WaitForAssertion(() => Assert.Contains("earlier than it came", page.Find(".ledger-entry").TextContent, StringComparison.Ordinal));
        Assert.Contains("it was not there when the state before it was signed", page.Find(".ledger-entry").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_that_came_after_a_witness_cosigned_is_shown_with_the_witness_and_its_time()
    {
        _web1 = await AddServerAsync("web1");
        await Publisher.PublishAsync(Stop);
        using var key = SignerKey.Generate("w.example");
        var (log, signed) = (Store.Newest(Ann.OrganisationId)!, Services.GetRequiredService<LedgerQueries>().State(Ann.OrganisationId)!.Newest!);
        var line = key.Cosign(signed.Text, new DateTimeOffset(2026, 1, 15, 14, 3, 0, TimeSpan.Zero)).Line;
        Tamper($"INSERT INTO cosig(log, size, witness, line, t) VALUES({log.Id}, 2, 'w.example', '{line}', 0)");
        var e = new UpstreamEvent(1, "2026-01-15T12:00:00.000Z", "nixos.switch", "agentd", "{}", TreeHash.Zero);
        await Store.AppendAsync(Ann.OrganisationId, [NewRecord.Of(new ChainRow(e, e.Hash(ChainFormat.Piped)), ChainFormat.Piped, _web1.Id.Value, 1, TimeProvider.System.GetUtcNow())], Stop);
        GoTo("/ledger?entry=2");

        var page = Render<OrganisationPage>();

        page.WaitForAssertion(() => Assert.Contains("and cosigned by w.example", page.Find(".ledger-entry").TextContent, StringComparison.Ordinal));
        Assert.Contains(page.FindAll(".ledger-entry time"), static time => time.GetAttribute("datetime")!.StartsWith("2026-01-15T14:03:00", StringComparison.Ordinal));
        Assert.Contains("it was not there when the state before it was cosigned", page.Find(".ledger-entry").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_did_not_verify_at_night_stands_at_the_top()
    {
        await AddServerAsync("web1");
        await Store.AppendAsync(Ann.OrganisationId, [NewRecord.Of(RecordKind.Notice, new ActionBody { Verb = NightlyCheck.Bad, Who = "osModa Dashboard", Text = "Does not verify at entry 3: <it> is torn." }, Ann.OrganisationId, DateTimeOffset.UnixEpoch)], Stop);

        var page = Render<OrganisationPage>();

        page.WaitForAssertion(() => Assert.Contains("The ledger did not verify when all of it was checked.", page.Markup, StringComparison.Ordinal));
        Assert.Equal("found that the ledger does not verify · Does not verify at entry 3: <it> is torn.", page.FindAll(".entry p")[0].TextContent);
    }

    [Fact]
    public async Task That_a_server_will_be_installed_anew_is_announced_on_its_panel_and_shown_there()
    {
        _web1 = await AddServerAsync("web1");
        var panel = Panel(new ChainStanding(ChainStatus.Verified, null, "9 events, all as they were written.", DateTimeOffset.UnixEpoch));
        Assert.Empty(panel.FindAll(".chain-announced"));

        panel.Find("#reinstall-reason").Change("new disk");
        panel.Find("form.announce").Submit();

        panel.WaitForAssertion(() => Assert.Contains("There is no such server, or it keeps no ledger of its own.", panel.Find("form.announce").TextContent, StringComparison.Ordinal));
        var announced = Panel(new ChainStanding(ChainStatus.Verified, null, "9 events.", DateTimeOffset.UnixEpoch) { AnnouncedUntil = TimeProvider.System.GetUtcNow().AddHours(1), AnnouncedBy = "Ann" });
        Assert.StartsWith("Ann announced that it will be installed anew", announced.Find(".chain-announced").TextContent, StringComparison.Ordinal);
        Assert.Empty(Render<ChainPanel>(viewer => viewer.Add(p => p.Caller, Ann with { Role = Core.Accounts.Role.Viewer }).Add(p => p.Server, ServerCard.Of(_web1)).Add(p => p.Standing, announced.Instance.Standing)).FindAll("form.announce"));
    }

    private Server? _web1;

    private IRenderedComponent<ChainPanel> Panel(ChainStanding standing) => Render<ChainPanel>(panel => panel.Add(p => p.Caller, Ann).Add(p => p.Server, ServerCard.Of(_web1!)).Add(p => p.Standing, standing).Add(p => p.IsLive, true));

    // A real chain of 50 events is copied; then something is done to it on the server.
    private async Task<ChainStanding> MirroredAsync(Action<AgentLedger> attack, Func<ChainStanding, bool> wanted)
    {
        _web1 = await AddServerAsync("web1");
        var folder = Directory.CreateTempSubdirectory("agentd-").FullName;
        using var agent = new AgentLedger(folder);
        agent.Append(50, "{\"a\":1}");
        using var stop = new CancellationTokenSource();
        var mirror = new ChainMirror(_web1, Store, (_, _) => ValueTask.FromResult<IRemoteShell>(new LocalShell(folder)), TimeProvider.System, NullLogger.Instance);
        var running = mirror.RunAsync(stop.Token);
        await SeesAsync(mirror, s => s is { Status: ChainStatus.Verified, Copied: 50 });
        attack(agent);
        var standing = await SeesAsync(mirror, wanted);
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Directory.Delete(folder, recursive: true);
        return standing;
    }

    private static Task<ChainStanding> SeesAsync(ChainMirror mirror, Func<ChainStanding, bool> wanted) => Eventually.GotAsync(
        () =>
        {
            mirror.Mark();
            return Task.FromResult(mirror.Standing is { } standing && wanted(standing) ? standing : null);
        },
        seconds: 40,
        () => Task.FromResult($"{mirror.Standing}"));

    private void Tamper(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Services.GetRequiredService<LedgerSettings>().File};Pooling=False");
        connection.Open();
        connection.Run(sql);
    }
}
