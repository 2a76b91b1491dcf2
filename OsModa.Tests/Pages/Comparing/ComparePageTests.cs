using Bunit;
using OsModa.Core.Accounts;
using OsModa.Core.Configuration;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Dashboard.Pages.Comparing;
using Xunit;
using CheckState = OsModa.Core.Configuration.CheckState;

namespace OsModa.Tests.Pages.Comparing;

public sealed class ComparePageTests : PageRoom
{
    private const string CommitA = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", CommitB = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    private Server _web1 = null!, _web2 = null!;

    // No dry runs.
    protected override Role Role => Role.Viewer;

    [Fact]
    public void What_is_read_for_the_pair_before_ends_when_another_is_chosen()
    {
        Shell.Endless.Add("compare.sh");
        var page = Open("41..42");
        page.WaitForAssertion(() => Assert.Equal(1, Shell.Open));
        Shell.Endless.Clear();

        page.Render(parameters => parameters.Add(p => p.Pair, "40..42"));

        page.WaitForAssertion(() => Assert.Contains("No service is touched.", page.Find(".verdict").TextContent, StringComparison.Ordinal));
        page.WaitForAssertion(() => Assert.Equal(0, Shell.Open));
    }

    [Fact]
    public void The_same_pair_of_another_server_is_another_comparison()
    {
        var page = Open("41..42");
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".verdict-more")));

        page.Render(parameters => parameters.Add(p => p.Id, _web2.Id.Value));

        page.WaitForAssertion(() => Assert.Contains("web2 has no generation 41.", page.Markup, StringComparison.Ordinal));
        Assert.Empty(page.FindAll(".verdict"));
    }

    [Fact]
    public void A_lost_connection_and_a_unit_that_stops_change_what_is_foretold()
    {
        const string AsIf = "as if each unit of the first system ran";
        Shell.Answer = static (_, arguments) =>
            [.. Told(arguments).SkipLast(4), "entry\tfrom\tetc/systemd/system/a.service\tl\tf\t777\t/1", "entry\tto\tetc/systemd/system/a.service\tl\tf\t777\t/2", "entries-end",
             "texts\tfrom", "file\t9\tetc/systemd/system/a.service", "etc/systemd/system/a.service\0[Service]", "etc/systemd/system/a.service\0A=1",
             "texts\tto", "file\t9\tetc/systemd/system/a.service", "etc/systemd/system/a.service\0[Service]", "etc/systemd/system/a.service\0A=2", "texts-end"];
        Fleet.Update(_web1.Id, static state => state with { Units = state.Units.SetItem(UnitName.Parse("a.service"), Unit("a.service") with { Activity = UnitActivity.Active }) });
        var page = Open("42..41");
        page.WaitForAssertion(() => Assert.StartsWith("a restarts", page.Find(".verdict").TextContent, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(AsIf, page.Markup, StringComparison.Ordinal);

        Fleet.Update(_web1.Id, static state => state with { Units = state.Units.SetItem(UnitName.Parse("a.service"), Unit("a.service") with { Activity = UnitActivity.Inactive }) });
        page.WaitForAssertion(() => Assert.DoesNotContain("a restarts", page.Find(".verdict").TextContent, StringComparison.OrdinalIgnoreCase));

        Fleet.Update(_web1.Id, static state => state with { Reach = Reach.Lost });
        page.WaitForAssertion(() => Assert.Contains(AsIf, page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_read_for_a_commit_ends_when_another_is_chosen_or_the_server_switches()
    {
        await BuiltAsync(CommitA, 43);
        await BuiltAsync(CommitB, 40);
        Shell.Endless.Add("compare.sh");
        var page = Render<CommitPage>(parameters => parameters.Add(p => p.Id, _web1.Id.Value).Add(p => p.Commit, CommitA));
        page.WaitForAssertion(() => Assert.Equal(1, Shell.Open));

        page.Render(parameters => parameters.Add(p => p.Commit, CommitB));
        page.WaitForAssertion(() => Assert.Equal((2, 1), (Shell.Asked.Count, Shell.Open)));

        Shell.Endless.Clear();
        Fleet.Update(_web1.Id, static state => Running(state, current: 41));
        page.WaitForAssertion(() => Assert.Equal((3, 0), (Shell.Asked.Count, Shell.Open)));
        page.WaitForAssertion(() => Assert.Contains("No service is touched.", page.Find(".verdict").TextContent, StringComparison.Ordinal));
        Assert.Equal([SystemOf(41).Text, SystemOf(40).Text], Shell.Asked.Last().Arguments.TakeLast(2));
    }

    protected override async Task ArrangeAsync()
    {
        (_web1, _web2) = (await AddServerAsync("web1"), await AddServerAsync("web2"));
        Fleet.Update(_web1.Id, static state => Running(state));
        Fleet.Update(_web2.Id, static state => Running(state) is var running ? running with { Generations = [.. running.Generations.Where(generation => generation.Number is not 41)] } : state);

        // One that is endless does not come to its end.
        Shell.Answer = (_, arguments) => Told(arguments).SkipLast(Shell.Endless.Count);
    }

    private static string[] Told(IReadOnlyList<string> arguments) =>
    [
        "closure\tboth\tjson", $$"""={ "{{arguments[0]}}": { "narSize": 1, "references": [] }, "{{arguments[1]}}": { "narSize": 2, "references": [] } }""", "closures-end",
        "entries-end", "texts\tfrom", "texts\tto", "texts-end",
    ];

    private async Task BuiltAsync(string commit, int generation)
    {
        var context = Database.OpenForAll();
        await using (context)
        {
            context.CheckRuns.Add(new CheckRun
            {
                Id = Guid.NewGuid(),
                OrganisationId = _web1.OrganisationId,
                ServerId = _web1.Id,
                Commit = commit,
                IsDraft = false,
                AuthorId = Ann.PersonId,
                AuthorName = Ann.Name,
                StartedAt = DateTimeOffset.UnixEpoch,
                State = CheckState.Passed,
                System = SystemOf(generation).Text,
            });
            await context.SaveChangesAsync(Xunit.TestContext.Current.CancellationToken);
        }
    }

    private IRenderedComponent<ComparePage> Open(string pair) => Render<ComparePage>(parameters => parameters.Add(p => p.Id, _web1.Id.Value).Add(p => p.Pair, pair));
}
