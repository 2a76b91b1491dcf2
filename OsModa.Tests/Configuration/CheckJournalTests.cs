using System.Text;
using OsModa.Core.Configuration;
using Xunit;

namespace OsModa.Tests.Configuration;

/// <summary>What a server tells of a run of checks becomes steps with findings; what makes no sense, or is too much, costs nothing.</summary>
public sealed class CheckJournalTests
{
    private static readonly Guid Run = Guid.Parse("0192aaaa-0000-7000-8000-000000000001");
    private static readonly OptionPath Port = OptionPath.Of("services", "web", "port"), Agent = OptionPath.Of("services", "agents", "muse");

    [Fact]
    public void A_run_that_passes_has_the_times_of_its_steps_and_its_system()
    {
        var progress = Read(
            "10.00\tbegin", "10.00\tstep\toptions", "11.50\tended\toptions\tok", "11.50\tstep\tsystem", """={"derivation":"/nix/store/x.drv","failed":[],"warnings":["services.agents.muse.enable is off."]}""", "=",
            "14.50\tended\tsystem\tok", "14.50\tstep\tbuild", "15.00\tsystem\t/nix/store/2vjzj1g66alv1r27jgrnbfziihkx3pcm-nixos-system-lab", "15.00\tended\tbuild\tok", "15.01\tdone\tpassed\t");

        Assert.Equal((CheckState.Passed, "nixos-system-lab"), (progress.State, progress.System?.Name));
        Assert.Equal([null, 1.5, 3, 0.5], progress.Steps.Select(step => step.Took?.TotalSeconds));
        Assert.All(progress.Steps, step => Assert.Equal(StepState.Passed, step.State));
        Assert.Equal(new CheckFinding(true, Agent, "services.agents.muse.enable is off.", "", null), Assert.Single(progress.Steps[2].Findings));
    }

    [Theory]
    [InlineData("error: A definition for option `services.web.port' is not of type `port'.", "A definition for option `services.web.port' is not of type `port'.", null)]
    [InlineData("error:|       … while evaluating the attribute 'value'|         at /nix/store/abc/lib/modules.nix:809:9:|          808|     in|       error: The option `services.web.port' has conflicting definition values:|       - In `servers/web1/a.nix': 1|       (use '--show-trace' to show the full trace)", "The option `services.web.port' has conflicting definition values: - In `servers/web1/a.nix': 1 (use '--show-trace' to show the full trace)", null)]
    [InlineData("error: A definition for option `services.web.port.\"[definition 1-entry 1]\"' is not of type `16 bit unsigned integer; between 0 and 65535 (both inclusive)'. TypeError: Definition values:|       - In `/var/lib/osmoda/checks/0192aaaa-0000-7000-8000-000000000001/source/servers/web1/settings.json': \"x\"", "A definition for option `services.web.port.\"[definition 1-entry 1]\"' is not of type `16 bit unsigned integer; between 0 and 65535 (both inclusive)'. TypeError: Definition values: - In `servers/web1/settings.json': \"x\"", null)]
    [InlineData("trace: Obsolete option `services.web.ports' is used.|error: The option `services.web.port' was accessed but has no value defined. Try setting the option.", "The option `services.web.port' was accessed but has no value defined. Try setting the option.", null)]
    [InlineData("error: undefined variable 'pkg'|at /var/lib/osmoda/checks/0192aaaa-0000-7000-8000-000000000001/source/servers/web1/configuration.nix:7:3:|     6|", "undefined variable 'pkg'", "servers/web1/configuration.nix:7")]
    public void The_words_of_Nix_are_brought_to_a_sentence_a_field_and_a_place(string said, string sentence, string? place)
    {
        var progress = Read(["1\tstep\toptions", "2\toption\t0", .. said.Split('|').Select(line => $"2\tsaid\t{line}"), "3\tended\toptions\tfailed", "3\tdone\tfailed\t"]);

        var finding = Assert.Single(progress.Steps[1].Findings);
        Assert.Equal((sentence, Port, place), (finding.Sentence, finding.Field, finding.Where is { } where ? $"{where.File}:{where.Line}" : null));
        Assert.Equal((CheckState.Failed, sentence), (progress.State, progress.Outcome));
    }

    [Fact]
    public void An_option_that_Nix_proposes_instead_is_not_the_one_with_the_mistake()
    {
        var progress = Read("1\tstep\tsystem", "2\tsaid\terror: The option `services.webb' does not exist. Definition values:", "2\tsaid\t       - In `/etc/nixos/web.nix'", "2\tsaid\t       Did you mean `services.web', `services.agents' or `services.ssh'?", "3\tended\tsystem\tfailed");

        Assert.Equal(OptionPath.Of("services", "webb"), Assert.Single(progress.Steps[2].Findings).Field);
    }

    [Fact]
    public void What_Nix_printed_beside_assertions_that_failed_is_no_mistake_of_its_own()
    {
        var progress = Read(
            "1\tstep\tsystem", """={"derivation":null,"failed":["You must accept the terms."],"warnings":[]}""", "=",
            "2\tsaid\twarning: Git tree '/etc/nixos' is dirty", "2\tsaid\ttrace: Obsolete option `services.web.user' is used.", "3\tended\tsystem\tfailed", "3\tdone\tfailed\t");

        Assert.Equal("You must accept the terms.", Assert.Single(progress.Steps[2].Findings).Sentence);
    }

    [Fact]
    public void A_warning_of_several_lines_is_told_once_and_whole()
    {
        var progress = Read(
            "1\tstep\tsystem", """={"derivation":"/nix/store/x.drv","failed":[],"warnings":["The user is odd.\nMake it another."]}""", "=",
            "2\tsaid\ttrace: evaluation warning: The user is odd.", "2\tsaid\tMake it another.", "2\tsaid\tevaluation warning: Something else.", "3\tended\tsystem\tok");

        Assert.Equal(["The user is odd. Make it another.", "Something else."], progress.Steps[2].Findings.Select(finding => finding.Sentence));
    }

    [Theory]
    [InlineData(CheckStep.Options, "2\toption\t0|2\tsaid\terror: writing to file '/nix/store/tmp-1': No space left on device")]
    [InlineData(CheckStep.System, "2\tsaid\terror: executing SQLite statement 'insert into ValidPaths': database or disk is full (in '/nix/var/nix/db/db.sqlite')")]
    [InlineData(CheckStep.Build, """@nix {"action":"msg","level":0,"msg":"\u001b[31;1merror:\u001b[0m builder for '/nix/store/x-muse.drv' failed with exit code 1;\n       last 1 log lines:\n       > cc: error writing muse.o: No space left on device"}""")]
    [InlineData(CheckStep.Build, """@nix {"action":"start","id":3,"level":3,"text":"building","type":105,"fields":["/nix/store/2vjzj1g66alv1r27jgrnbfziihkx3pcm-muse.drv","",1,1]}|@nix {"action":"result","id":3,"type":101,"fields":["cc: error writing muse.o: No space left on device"]}|@nix {"action":"msg","level":0,"msg":"error: builder for '/nix/store/x-muse.drv' failed with exit code 1"}""")]
    public void A_disk_that_is_full_is_no_mistake_of_a_field_and_says_what_to_do(CheckStep step, string said)
    {
        var name = $"{step}".ToLowerInvariant();
        var progress = Read([$"1\tstep\t{name}", .. said.Split('|'), $"3\tended\t{name}\tfailed", "3\tdone\tfailed\t"]);

        var finding = Assert.Single(progress.Steps.Single(one => one.Step == step).Findings);
        Assert.Null(finding.Field);
        Assert.StartsWith("A disk of the server that builds is full. Nothing that runs has changed.", finding.Sentence, StringComparison.Ordinal);
        Assert.StartsWith("error:", finding.Detail, StringComparison.Ordinal);
        Assert.Equal((CheckState.Failed, finding.Sentence), (progress.State, progress.Outcome));
    }

    [Fact]
    public void Activities_of_Nix_become_what_is_built_and_downloaded()
    {
        var build = Read(
            "1\tstep\tbuild",
            """@nix {"action":"start","id":1,"level":0,"text":"","type":104}""", """@nix {"action":"start","id":2,"level":0,"text":"","type":103}""",
            """@nix {"action":"start","id":3,"level":3,"text":"building","type":105,"fields":["/nix/store/2vjzj1g66alv1r27jgrnbfziihkx3pcm-nginx-1.28.0.drv","",1,1]}""",
            """@nix {"action":"start","id":4,"level":4,"text":"downloading","type":101,"fields":["https://cache.nixos.org/nar/x"]}""",
            """@nix {"action":"result","id":1,"type":105,"fields":[2,7,1,0]}""", """@nix {"action":"result","id":2,"type":105,"fields":[1,3,1,0]}""",
            """@nix {"action":"result","id":4,"type":105,"fields":[500,1000,0,0]}""", """@nix {"action":"result","id":2,"type":106,"fields":[101,4000]}""",
            """@nix {"action":"result","id":3,"type":104,"fields":["buildPhase"]}""", """@nix {"action":"result","id":3,"type":101,"fields":["gcc -o \u001b[31mnginx"]}""").Build;

        Assert.Equal((2, 7, 1, 3, 500L, 4000L), (build.Built, build.ToBuild, build.Fetched, build.ToFetch, build.FetchedBytes, build.ToFetchBytes));
        Assert.Equal(new BuildActivity("nginx-1.28.0", false, "buildPhase"), Assert.Single(build.Now));
        Assert.Equal(["gcc -o nginx"], build.Log);
    }

    [Fact]
    public void What_a_hostile_server_sends_costs_nothing()
    {
        var random = new Random(7);
        var lines = new List<string> { "1\tstep\tbuild" };
        for (var i = 0; i < 5_000; i++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            lines.Add(random.Next(4) switch
            {
                0 => "@nix " + Encoding.Latin1.GetString(bytes),
                1 => $$"""@nix {"action":"start","id":{{i}},"level":0,"text":"","type":105,"fields":["/nix/store/{{i}}"]}""",
                2 => $$"""@nix {"action":"result","id":{{random.Next(i + 1)}},"type":{{random.Next(110)}},"fields":[{{random.NextInt64()}},{{random.NextInt64()}},"x",-9]}""",
                _ => Encoding.Latin1.GetString(bytes),
            });
        }

        lines.AddRange(Enumerable.Repeat($$"""@nix {"action":"msg","level":0,"msg":"{{new string('x', 9_000)}}"}""", 3_000));
        var build = Read([.. lines, .. Enumerable.Repeat("=" + new string('y', 16_000), 1_000), "="]).Build;

        Assert.True(build is { Log.Count: <= BuildProgress.MostLines, Now.Length: <= 16 });
        Assert.All(build.Log, line => Assert.True(line.Length <= 2_000));
    }

    [Fact]
    public void Nothing_that_is_read_after_the_last_line_counts()
    {
        var journal = new CheckJournal(Run, [Port], hasBuilder: false);
        foreach (var line in new[] { "1\tstep\toptions", "2\tdone\tcancelled\t", "3\tdone\tpassed\t", "3\tsystem\t/nix/store/2vjzj1g66alv1r27jgrnbfziihkx3pcm-nixos-system-lab" })
        {
            journal.Take(Encoding.UTF8.GetBytes(line));
        }

        Assert.Equal((CheckState.Cancelled, null, true), (journal.Newest.State, journal.Newest.System, journal.IsOver));
        Assert.Equal([StepState.Passed, StepState.Failed, StepState.Skipped, StepState.Skipped], journal.Newest.Steps.Select(step => step.State));
    }

    private static CheckProgress Read(params string[] lines)
    {
        var journal = new CheckJournal(Run, [Port, Agent], hasBuilder: false);
        foreach (var line in lines)
        {
            journal.Take(Encoding.UTF8.GetBytes(line));
        }

        return journal.Newest;
    }
}
