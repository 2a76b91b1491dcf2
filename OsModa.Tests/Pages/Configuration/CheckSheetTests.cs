using System.Diagnostics;
using System.Text;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Configuration;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Dashboard.Live;
using OsModa.Dashboard.Pages.Configuration.Checks;
using OsModa.Tests.Configuration;
using Xunit;

namespace OsModa.Tests.Pages.Configuration;

/// <summary>A run of checks as people see it: under way, stopped, with a mistake, and ready to be deployed.</summary>
public sealed class CheckSheetTests : PageRoom
{
    private static readonly TimeSpan Ceiling = TimeSpan.FromSeconds(20);
    private static readonly OptionPath Workers = SomeSchema.Path("services.web.workers");
    private static readonly string[] Builds =
    [
        "1.00\tbegin", "1.00\tstep\toptions", "1.50\tended\toptions\tok", "1.50\tstep\tsystem", "2.50\tended\tsystem\tok", "2.50\tstep\tbuild",
        """@nix {"action":"start","id":1,"level":0,"text":"","type":104}""", """@nix {"action":"start","id":2,"level":0,"text":"","type":103}""",
        """@nix {"action":"start","id":3,"level":3,"text":"building","type":105,"fields":["/nix/store/2vjzj1g66alv1r27jgrnbfziihkx3pcm-nginx-1.28.0.drv","",1,1]}""",
        """@nix {"action":"result","id":1,"type":105,"fields":[2,7,1,0]}""", """@nix {"action":"result","id":2,"type":105,"fields":[1,3,1,0]}""",
        """@nix {"action":"result","id":3,"type":104,"fields":["buildPhase"]}""", """@nix {"action":"result","id":3,"type":101,"fields":["gcc -o nginx"]}""",
    ];

    private readonly HandClock _clock = new();
    private readonly Guid _run = Guid.CreateVersion7();
    private Server _web1 = null!;
    private string _commit = "";

    protected override TimeProvider Clock => _clock;

    private static CancellationToken Stop => Xunit.TestContext.Current.CancellationToken;

    [Fact]
    public async Task Under_way_it_shows_what_is_built_and_the_log_also_when_the_connection_is_gone()
    {
        await AddAsync(CheckState.Running);
        Answer(first: Builds, then: null);
        var sheet = Open(follow: true);

        await UntilAsync(sheet, () => Assert.Contains("The connection is gone.", sheet.Find(".notice").TextContent, StringComparison.Ordinal));

        Assert.Equal("Checking on web1", sheet.Find("#sheet-title").TextContent);
        Assert.Contains("2 of 7 built, 1 of 3 downloaded", sheet.Find(".build").TextContent, StringComparison.Ordinal);
        Assert.Equal("0.3", sheet.Find("progress").GetAttribute("value"));
        Assert.Equal("nginx-1.28.0 buildPhase", sheet.Find(".build-now li").TextContent);
        Assert.Equal(("Log, 1 line", "gcc -o nginx"), (sheet.Find(".build summary").TextContent, sheet.Find(".build .said").TextContent));
        Assert.Equal(["passed", "passed", "passed", "running"], sheet.FindAll(".check-steps .sr").Select(word => word.TextContent.Trim()));
    }

    [Fact]
    public async Task Whoever_stops_it_sees_that_it_was_stopped_and_has_nothing_to_deploy()
    {
        await AddAsync(CheckState.Running);
        Answer(first: Builds, then: []);
        var sheet = Open(follow: true);
        await UntilAsync(sheet, () => Assert.NotEmpty(sheet.FindAll(".build")));

        Answer(first: ["9.00\tdone\tcancelled\t"], then: []);
        await sheet.InvokeAsync(() => sheet.FindAll("button").Single(button => button.TextContent == "Stop the checks").ClickAsync());

        await UntilAsync(sheet, () => Assert.Equal("The checks were stopped", sheet.Find("#sheet-title").TextContent));
        Assert.Single(Shell.Asked, asked => asked.Script == "stop-check.sh" && asked.Arguments[0] == $"{_run:D}");
        Assert.Equal("It was stopped.", sheet.Find(".check-outcome").TextContent);
        Assert.Empty(sheet.FindAll("button"));
    }

    [Fact]
    public async Task A_mistake_leads_to_its_field_and_says_where_Nix_found_it()
    {
        await AddAsync(CheckState.Failed, "1\tstep\toptions", "2\toption\t0", "2\tsaid\terror: undefined variable 'pkg'", $"2\tsaid\tat {CheckOrder.Folder}/{_run:D}/source/servers/web1/web.nix:7:3:", "3\tended\toptions\tfailed", "3\tdone\tfailed\t");

        var sheet = Open();

        await sheet.WaitForAssertionAsync(() => Assert.Equal("The checks found a mistake", sheet.Find("#sheet-title").TextContent));
        Assert.Equal($"/here?option={Workers.Text}", sheet.Find(".findings a").GetAttribute("href"));
        Assert.Contains("undefined variable 'pkg'", sheet.Find(".findings").TextContent, StringComparison.Ordinal);
        Assert.Equal("servers/web1/web.nix:7", sheet.Find(".findings .hint.mono").TextContent);
        Assert.Empty(sheet.FindAll("button"));
    }

    [Fact]
    public async Task What_has_passed_is_deployed_with_a_reason_the_name_and_on_purpose_when_it_is_in_quarantine()
    {
        await AddAsync(CheckState.Passed, "1\tstep\tbuild", $"2\tsystem\t{SystemOf(43)}", "2\tended\tbuild\tok", "2\tdone\tpassed\t");
        await QuarantineAsync();
        var sheet = Open();

        await SubmitAsync(sheet, "#deploy-reason-error", "Say why: web1 is tagged production.");
        await ChangeAsync(sheet, "#deploy-reason", "More workers");
        await SubmitAsync(sheet, "#deploy-name-error", "Type web1 to confirm.");
        await ChangeAsync(sheet, "#deploy-name", "web1");
        Assert.Empty(sheet.FindAll("input[type=checkbox]"));
        await SubmitAsync(sheet, ".notice", "scout crashed");
        Assert.Empty(await Services.GetRequiredService<OperationHistory>().OfServerAsync(Ann, _web1.Id, cancellationToken: Stop));

        await sheet.InvokeAsync(() => sheet.Find("input[type=checkbox]").Change(true));
        await sheet.InvokeAsync(() => sheet.Find("form").SubmitAsync());

        await sheet.WaitForAssertionAsync(() => Assert.Contains($"/servers/{_web1.Id}/generations?operation=", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal));
        Assert.Equal("More workers", Assert.Single(await Services.GetRequiredService<OperationHistory>().OfServerAsync(Ann, _web1.Id, cancellationToken: Stop)).Reason);
    }

    [Fact]
    public async Task A_run_of_another_server_is_none()
    {
        await AddAsync(CheckState.Passed);
        var other = await AddServerAsync("web2");

        var sheet = Render<CheckSheet>(parameters => parameters.Add(s => s.Server, ServerCard.Of(other)).Add(s => s.State, Fleet[other.Id]).Add(s => s.Run, _run).Add(s => s.Close, "/here").Add(s => s.MayAct, true));

        await sheet.WaitForAssertionAsync(() => Assert.Contains("There is no such run of checks.", sheet.Markup, StringComparison.Ordinal));
    }

    protected override async Task ArrangeAsync()
    {
        _web1 = await AddServerAsync("web1", RollBackRules.ProductionTag);
        Fleet.Update(_web1.Id, state => Running(state));
    }

    private static async Task SubmitAsync(IRenderedComponent<CheckSheet> sheet, string where, string says)
    {
        await sheet.WaitForAssertionAsync(() => Assert.Equal("Deploy to web1", sheet.Find("button[type=submit]").TextContent));
        await sheet.InvokeAsync(() => sheet.Find("form").SubmitAsync());
        await sheet.WaitForAssertionAsync(() => Assert.Contains(says, sheet.Find(where).TextContent, StringComparison.Ordinal));
    }

    private static Task ChangeAsync(IRenderedComponent<CheckSheet> sheet, string field, string text) => sheet.InvokeAsync(() => sheet.Find(field).Change(text));

    private IRenderedComponent<CheckSheet> Open(bool follow = false)
    {
        if (follow)
        {
            Services.GetRequiredService<CheckWatch>().Follow(Row(CheckState.Running));
        }

        return Render<CheckSheet>(parameters => parameters.Add(s => s.Server, ServerCard.Of(_web1)).Add(s => s.State, Fleet[_web1.Id]).Add(s => s.Run, _run).Add(s => s.Close, "/here").Add(s => s.MayAct, true));
    }

    // The journal as it is read first, and what comes of asking again; null when nobody is reached then.
    private void Answer(string[] first, string[]? then)
    {
        var answers = Shell.Answer;
        var asked = 0;
        Shell.Answer = (script, arguments) => script switch
        {
            "follow-check.sh" when Interlocked.Increment(ref asked) == 1 => first,
            "follow-check.sh" => then ?? throw new ConnectionException(new ConnectionFault(ConnectionFaultKind.Lost, "Gone.")),
            "stop-check.sh" => ["stopped"],
            _ => answers(script, arguments),
        };
    }

    // Who follows waits by the clock, which is moved on until the sheet shows what was read.
    private async Task UntilAsync(IRenderedComponent<CheckSheet> sheet, Action seen)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await sheet.InvokeAsync(() => Task.CompletedTask);
            try
            {
                seen();
                return;
            }
            catch (Exception notYet) when (notYet is Xunit.Sdk.XunitException or ElementNotFoundException && Stopwatch.GetElapsedTime(began) < Ceiling)
            {
                await Task.Yield();
            }
        }
    }

    private async Task AddAsync(CheckState state, params string[] journal)
    {
        var repository = await Services.GetRequiredService<ConfigurationRepositories>().OfAsync(Ann.OrganisationId);
        Assert.True(ServerName.TryParse(_web1.Name, out var name, out _));
        var settings = new ServerSettings(repository, name);
        var saved = await settings.SaveAsync(new SettingsAt(null, SettingsDocument.Empty), SettingsDocument.Empty.With(new Setting(Workers, new NixInteger(8))), new CommitWords("Ann", "", _clock.GetUtcNow(), "More workers", ""));
        _commit = Assert.NotNull(saved.Commit).Text;
        var read = new CheckJournal(_run, [Workers], hasBuilder: false);
        foreach (var line in journal)
        {
            read.Take(Encoding.UTF8.GetBytes(line));
        }

        var row = Row(state);
        if (journal.Length > 0)
        {
            (row.EndedAt, row.Steps, row.System, row.Outcome) = (_clock.GetUtcNow(), CheckRecord.Write(read.Newest), read.Newest.System?.Text, read.Newest.Outcome);
        }

        var context = Database.OpenFor(Ann);
        await using (context)
        {
            context.CheckRuns.Add(row);
            await context.SaveChangesAsync(Stop);
        }
    }

    private CheckRun Row(CheckState state) => new()
    {
        Id = _run, OrganisationId = Ann.OrganisationId, ServerId = _web1.Id, Commit = _commit, IsDraft = false, AuthorId = Ann.PersonId, AuthorName = Ann.Name, StartedAt = _clock.GetUtcNow(), State = state, Touched = Workers.Text,
    };

    private async Task QuarantineAsync()
    {
        var context = Database.OpenFor(Ann);
        await using (context)
        {
            context.Quarantines.Add(new Quarantine { Id = Guid.NewGuid(), OrganisationId = Ann.OrganisationId, System = SystemOf(43).Text, ServerId = _web1.Id, Generation = 43, OperationId = Guid.NewGuid(), Reason = "scout crashed", At = _clock.GetUtcNow() });
            await context.SaveChangesAsync(Stop);
        }
    }
}
