using Bunit;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Dashboard.Pages.OneServer;
using Xunit;

namespace OsModa.Tests.Pages;

public sealed class JournalViewTests : PageRoom
{
    private Server _web1 = null!;

    [Fact]
    public void Entries_show_in_order_with_their_urgency()
    {
        var view = Open();

        view.WaitForAssertion(() => Assert.Equal(["nginx[7] started", "nginx[7] debugging", "nginx[7] error: broken"], Lines(view)));
        Assert.Contains("is-error", view.FindAll(".log-line")[2].ClassList);
    }

    [Fact]
    public async Task The_filter_hides_what_is_less_urgent_and_forgets_nothing()
    {
        var view = Open();
        view.WaitForAssertion(() => Assert.Equal(3, view.FindAll(".log-line").Count));

        await view.InvokeAsync(() => view.FindAll(".filter")[3].Click());
        Assert.Equal(["nginx[7] error: broken"], Lines(view));

        await view.InvokeAsync(() => view.FindAll(".filter")[0].Click());
        Assert.Equal(3, view.FindAll(".log-line").Count);
    }

    [Fact]
    public void A_journal_that_ends_says_so_and_can_be_tried_again()
    {
        var view = Open();

        view.WaitForAssertion(() => Assert.Contains("The journal is not read now.", view.Find(".notice").TextContent, StringComparison.Ordinal));
        Assert.Equal("Try again", view.Find(".notice button").TextContent);
    }

    [Fact]
    public void Only_the_newest_thousand_are_kept()
    {
        var log = new JournalLog();

        log.Add([.. Enumerable.Range(0, JournalLog.Most + 5).Select(i => new JournalEntry(null, 6, null, "x", $"{i}"))]);

        Assert.Equal(JournalLog.Most, log.Lines.Length);
        Assert.Equal("5", log.Lines[0].Entry.Text);
        Assert.Equal(5, log.Lines[0].Number);
    }

    [Fact]
    public void Errors_stay_however_much_else_comes()
    {
        var log = new JournalLog();

        log.Add([Line(3, "broken"), .. Enumerable.Range(0, JournalLog.Most).Select(i => Line(6, $"{i}"))]);
        log.Add([.. Enumerable.Range(0, JournalLog.Most).Select(i => Line(6, $"later {i}"))]);

        Assert.Equal(JournalLog.Most, log.Lines.Length);
        Assert.Equal(["broken", "later 1"], log.Lines.Take(2).Select(line => line.Entry.Text));
    }

    [Fact]
    public void Of_errors_alone_the_newest_stay()
    {
        var log = new JournalLog();

        log.Add([Line(6, "calm"), .. Enumerable.Range(0, JournalLog.Most + 5).Select(i => Line(3, $"{i}"))]);

        Assert.Equal(JournalLog.Most, log.Lines.Length);
        Assert.Equal("5", log.Lines[0].Entry.Text);
    }

    [Fact]
    public void What_could_not_wait_is_told_with_the_next_that_stays()
    {
        var stay = JournalLog.Newest([Line(3, "broken"), Line(6, "gone") with { LeftOut = 2 }, .. Enumerable.Range(0, JournalLog.Most).Select(i => Line(6, $"{i}"))]);

        Assert.Equal(JournalLog.Most, stay.Count);
        Assert.Equal([("broken", 0), ("1", 4), ("2", 0)], stay.Take(3).Select(entry => (entry.Text, entry.LeftOut)));
    }

    [Fact]
    public async Task A_filter_that_hides_all_says_so()
    {
        Shell.Answer = (script, _) => script == "journal.sh" ? [Entry(6, "started"), Entry(7, "debugging")] : [];
        var view = Open();
        view.WaitForAssertion(() => Assert.Equal(2, view.FindAll(".log-line").Count));

        await view.InvokeAsync(() => view.FindAll(".filter")[3].Click());

        Assert.Equal("None of the newest 2 entries is an error.", view.Find(".log .hint").TextContent);
    }

    protected override async Task ArrangeAsync()
    {
        Shell.Answer = (script, _) => script == "journal.sh" ? [Entry(6, "started"), Entry(7, "debugging"), Entry(3, "broken")] : [];
        _web1 = await AddServerAsync("web1");
    }

    private static JournalEntry Line(int priority, string text) => new(null, priority, null, "x", text);

    private static string Entry(int priority, string text) =>
        $$"""{"__REALTIME_TIMESTAMP":"1764158400000000","PRIORITY":"{{priority}}","_PID":"7","SYSLOG_IDENTIFIER":"nginx","MESSAGE":"{{text}}"}""";

    private static List<string> Lines(IRenderedComponent<JournalView> view) =>
        [.. view.FindAll(".log-line").Select(line => string.Join(' ', line.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))];

    private IRenderedComponent<JournalView> Open() =>
        Render<JournalView>(parameters => parameters.Add(v => v.Server, _web1.Id).Add(v => v.Unit, UnitName.Parse("nginx.service")));
}
