using System.Collections.Immutable;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Dashboard.Pages.OneServer;
using Xunit;

namespace OsModa.Tests.Pages;

public sealed class GenerationsPageTests : PageRoom
{
    private Server _web1 = null!;

    [Fact]
    public void Three_pins_stand_where_they_are_and_a_sentence_says_so()
    {
        Fleet.Update(_web1.Id, state => Running(state, current: 42, nextBoot: 41, booted: 40));

        var page = Open();

        Assert.Equal("web1 runs 42. If it restarts now it comes back on 41; its kernel is still that of 40.", Text(page.Find(".lead").TextContent));
        Assert.Equal("--at:1", page.Find(".pin-current").GetAttribute("style"));
        Assert.Equal("--at:2", page.Find(".pin-next-boot").GetAttribute("style"));
        Assert.Equal("--at:3", page.Find(".pin-booted").GetAttribute("style"));
        Assert.Contains("not-committed", page.FindAll(".generation")[1].ClassList);
    }

    [Theory]
    [InlineData(BootParts.Kernel | BootParts.Initrd | BootParts.KernelModules, "its kernel is still that of 40.")]
    [InlineData(BootParts.Initrd, "its boot image is still that of 40.")]
    [InlineData(BootParts.Initrd | BootParts.Systemd, "its boot image and systemd are still those of 40.")]
    [InlineData(BootParts.Systemd, "its systemd is still that of 40.")]
    public void What_waits_for_a_restart_is_named(BootParts waiting, string words)
    {
        Fleet.Update(_web1.Id, state => Running(state, current: 42, booted: 40) is var running ? running with { Pins = running.Pins! with { RebootNeeded = true, Waiting = waiting } } : state);

        Assert.Equal("web1 runs 42 and keeps it after a restart; " + words, Text(Open().Find(".lead").TextContent));
    }

    [Theory]
    [InlineData("4f2a1b9c0d1e2f3a4b5c6d7e8f9a0b1c2d3e4f50", "configuration 4f2a1b9c0d1e")]
    [InlineData("4f2a1b9c0d1e2f3a4b5c6d7e8f9a0b1c2d3e4f50-dirty", "configuration 4f2a1b9c0d1e, dirty")]
    [InlineData("v7", "configuration v7")]
    public void A_configuration_with_changes_that_were_not_committed_does_not_look_like_its_commit(string revision, string words)
    {
        Fleet.Update(_web1.Id, state => state with { Generations = [.. state.Generations.Select(g => g.Number == 42 ? g with { ConfigurationRevision = revision } : g)] });

        Assert.Equal(words, Open().Find($".generation [title='{revision}']").TextContent);
    }

    [Fact]
    public void A_configuration_is_named_where_it_changed_and_stands_in_the_title_of_the_others()
    {
        Fleet.Update(_web1.Id, static state => state with { Generations = [.. state.Generations.Select(static g => g with { ConfigurationRevision = g.Number < 42 ? "4f2a1b9c0d1e2f3a" : "5f2a1b9c0d1e2f3a" })] });

        var page = Open();

        Assert.Equal(["what changed", "kernel 6.6.63 to 6.6.68 · configuration 5f2a1b9c0d1e · what changed", "what changed", "configuration 4f2a1b9c0d1e"], page.FindAll(".generation-changes").Select(line => Text(line.TextContent)));
        Assert.Equal("configuration 5f2a1b9c0d1e2f3a", page.Find(".generation-what b").GetAttribute("title"));
    }

    [Fact]
    public void A_switch_by_hand_moves_the_pin_by_itself()
    {
        var page = Open();

        Fleet.Update(_web1.Id, state => Running(state, current: 40));

        page.WaitForAssertion(() => Assert.Equal("--at:3", page.Find(".pin-current").GetAttribute("style")));
        Assert.Equal("web1 runs 40 and comes back on it after a restart.", Text(page.Find(".lead").TextContent));
    }

    [Fact]
    public void Back_leads_to_the_next_older_one_and_each_line_to_its_own()
    {
        var page = Open();

        Assert.Equal("Roll back to 41", page.Find(".timeline-head .button-primary").TextContent);
        Assert.Equal(["Go forward here", "runs now", "Roll back here", "Roll back here"], page.FindAll(".generation-action").Select(action => Text(action.TextContent)));
        Assert.EndsWith("/generations?rollback=40", page.FindAll(".generation-action a")[2].GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_gone_is_folded_with_the_time_when_it_went()
    {
        Fleet.Update(_web1.Id, state => state with { Generations = [.. state.Generations.Select(g => g.Number == 40 ? g with { GoneAt = DateTimeOffset.UnixEpoch.AddDays(50) } : g)] });

        var page = Open();

        Assert.Equal(3, page.FindAll(".generation").Count);
        Assert.Equal("1 older generation is gone", page.Find("summary").TextContent);
        Assert.Single(page.FindAll(".gone-list li"));
    }

    [Theory]
    [InlineData(null, "missing since", 1)]
    [InlineData(59, "missing since", 1)]
    [InlineData(7_200, "went between", 2)]
    public void What_went_while_nobody_watched_went_between_two_moments(int? unwatched, string words, int moments)
    {
        var gone = DateTimeOffset.UnixEpoch.AddDays(50);
        Fleet.Update(_web1.Id, state => state with { Generations = [.. state.Generations.Select(g => g.Number == 40 ? g with { GoneAt = gone, SeenAt = unwatched is { } seconds ? gone.AddSeconds(-seconds) : null } : g)] });

        var line = Open().Find(".gone-list li");

        Assert.Contains(words, line.TextContent, StringComparison.Ordinal);
        Assert.Equal(moments, line.QuerySelectorAll("time[data-as=moment]").Length);
    }

    [Theory]
    [InlineData("999", "It never had one with this number.")]
    [InlineData("abc", "It never had one with this number.")]
    public void A_generation_that_is_not_there_gets_a_sentence(string number, string why)
    {
        GoTo($"/servers/{_web1.Id}/generations?rollback={number}");

        var page = Open();

        Assert.Contains(why, page.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("dialog"));
    }

    [Fact]
    public void An_address_that_names_no_operation_is_told_so_and_shows_the_generations()
    {
        GoTo($"/servers/{_web1.Id}/generations?operation=nonsense");

        var page = Open();

        Assert.Contains("“nonsense” is no operation.", page.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("dialog"));
        Assert.Equal(4, page.FindAll(".generation").Count);
    }

    [Fact]
    public async Task One_that_was_left_for_a_reason_is_marked_and_not_offered()
    {
        await WriteAsync(from: 41, to: 40, "scout crashed");

        var page = Open();

        var line = page.FindAll(".generation")[2];
        Assert.Contains("is-bad", line.ClassList);
        Assert.Contains("bad: scout crashed", line.TextContent, StringComparison.Ordinal);
        Assert.Equal("Override…", line.QuerySelector(".generation-action a")?.TextContent);
        Assert.Equal("Roll back to 40", page.Find(".timeline-head .button-primary").TextContent);
    }

    [Fact]
    public void An_unheard_server_cannot_be_switched_and_the_page_says_why()
    {
        var page = Open();
        Assert.Empty(page.FindAll(".is-old"));

        Fleet.Update(_web1.Id, static state => state with { Reach = Reach.Lost });

        page.WaitForAssertion(() => Assert.Equal("web1 ran 42 when last heard.", Text(page.Find(".is-old .lead").TextContent)));
        Assert.StartsWith("web1 is not heard now, so it cannot be switched.", page.Find("#hindrance").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("a[href*='?rollback=']"));
        Assert.Equal(4, page.FindAll("button[disabled][title^='web1 is not heard now']").Count);
        Assert.Equal("ran when last heard", Text(page.FindAll(".generation-action")[1].TextContent));
        Assert.Empty(page.FindAll(".pin small"));
    }

    protected override async Task ArrangeAsync()
    {
        _web1 = await AddServerAsync("web1");
        Fleet.Update(_web1.Id, state => Running(state));
    }

    private IRenderedComponent<GenerationsPage> Open() => Render<GenerationsPage>(parameters => parameters.Add(p => p.Id, _web1.Id.Value));

    private static string Text(string? text) => string.Join(' ', (text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private async Task WriteAsync(int from, int to, string reason)
    {
        await using var context = Database.OpenFor(Ann);
        context.Operations.Add(new Operation
        {
            Id = Guid.CreateVersion7(), OrganisationId = Ann.OrganisationId, ServerId = _web1.Id, Kind = OperationKind.RollBack, TargetGeneration = to, TargetSystem = SystemOf(to).Text,
            FromGeneration = from, FromSystem = SystemOf(from).Text, Reason = reason, AuthorId = Ann.PersonId, AuthorName = "Ben", StartedAt = DateTimeOffset.UnixEpoch.AddDays(60), State = OperationState.Verified,
        });
        await context.SaveChangesAsync(Xunit.TestContext.Current.CancellationToken);
    }
}
