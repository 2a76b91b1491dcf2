using OsModa.Core.Configuration;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>Each mistake is found by the first step that can find it, and told at its field; builds are seen, stopped, and survive whoever watches.</summary>
[Trait("Tier", "lab")]
public sealed class CheckLabTests(ConfigurationMachine shared) : IClassFixture<ConfigurationMachine>
{
    private ConfigurationLab Lab => shared.Lab;

    [Fact]
    public async Task A_value_of_a_wrong_type_is_told_at_its_field()
    {
        var progress = await CheckAsync(Set("services.web.port", new NixInteger(70_000)), Set("users.motd", new NixText("Hello\n")));

        var finding = Finding(progress, CheckStep.Options);
        Assert.Equal("services.web.port", finding.Field?.Text);
        Assert.Contains("is not of type `16 bit unsigned integer", finding.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("/var/lib/osmoda", finding.Sentence, StringComparison.Ordinal);
        Assert.Equal([StepState.Passed, StepState.Failed, StepState.Skipped, StepState.Skipped], progress.Steps.Select(step => step.State));
    }

    [Fact]
    public async Task Several_mistakes_are_each_told_at_their_field()
    {
        var progress = await CheckAsync(Set("services.web.port", new NixInteger(-1)), Set("boot.kernelVersion", new NixText("7.0")), Set("services.agents.muse.memoryMax", new NixExpression("1 + \"a\"")));

        Assert.Equal(["boot.kernelVersion", "services.agents.muse.memoryMax", "services.web.port"], progress.Steps.Single(s => s.Step == CheckStep.Options).Findings.Select(f => f.Field?.Text).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_option_that_does_not_exist_is_told_at_its_field()
    {
        var progress = await CheckAsync(Set("services.wep.enable", new NixBool(true)));

        Assert.Equal("services.wep.enable", Finding(progress, CheckStep.Options).Field?.Text);
    }

    [Fact]
    public async Task An_expression_with_a_mistake_in_its_syntax_is_told_at_its_field()
    {
        var progress = await CheckAsync(Set("users.motd", new NixExpression("\"open")));

        Assert.Equal("users.motd", Finding(progress, CheckStep.Options).Field?.Text);
        Assert.Contains("syntax error", Finding(progress, CheckStep.Options).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_assertion_that_does_not_hold_is_told_at_its_field()
    {
        var progress = await CheckAsync(Set("services.web.enable", new NixBool(true)), Set("services.web.port", new NixInteger(22)));

        var finding = Finding(progress, CheckStep.System);
        Assert.Equal(("services.web.port", "services.web.port: port 22 is taken by the SSH server."), (finding.Field?.Text, finding.Sentence));
        Assert.Equal(finding.Sentence, progress.Outcome);
    }

    [Fact]
    public async Task A_warning_is_told_at_its_field_and_stands_against_nothing()
    {
        var progress = await CheckAsync(Set("services.agents.muse.enable", new NixBool(false)));

        Assert.Equal(CheckState.Passed, progress.State);
        var warning = Assert.Single(progress.Steps.Single(s => s.Step == CheckStep.System).Findings);
        Assert.Equal((true, "services.agents.muse.enable"), (warning.IsWarning, warning.Field?.Text));
    }

    [Fact]
    public async Task A_build_that_fails_tells_why_and_shows_its_log()
    {
        var progress = await CheckAsync(Slow(1, fails: "no such header: muse.h"));

        Assert.Contains("slow-1.0", Finding(progress, CheckStep.Build).Sentence, StringComparison.Ordinal);
        Assert.Contains("step 2 of 5", progress.Build.Log);
        Assert.Contains("cc1: fatal error: no such header: muse.h", progress.Build.Log);
        Assert.True(progress.Build.Failed > 0);
    }

    [Fact]
    public async Task A_build_that_finds_no_room_says_so_and_what_to_do()
    {
        var progress = await CheckAsync(Slow(1, fails: "error writing muse.o: No space left on device"));

        Assert.StartsWith("A disk of the server that builds is full.", Finding(progress, CheckStep.Build).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_build_is_seen_while_it_runs_and_ends_when_a_person_stops_it()
    {
        var run = await Lab.StartAsync(draft: Draft(Slow(600)));
        await SeesAsync(run, progress => progress.Build.Now.Any(activity => activity.Name == "slow-1.0") && progress.Build.Log.Contains("step 1 of 5"));

        Assert.Null(await Lab.RunCheck.CancelAsync(Lab.Operations.Ann, run, TestContext.Current.CancellationToken));

        var ended = await Lab.EndedAsync(run);
        Assert.Equal((CheckState.Cancelled, "It was stopped."), (ended.State, ended.Outcome));
        Assert.Equal("", await shared.Machine.ShellAsync("pgrep -f 'sleep [1]20' || true"));
        Assert.Equal("It is over already.", await Lab.RunCheck.CancelAsync(Lab.Operations.Ann, run, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_build_goes_on_while_the_network_is_away_and_is_followed_to_its_end_afterwards()
    {
        var run = await Lab.StartAsync(draft: Draft(Slow(8)));
        await SeesAsync(run, progress => progress.Build.Log.Contains("step 1 of 5"));
        await shared.Machine.PlugOutAsync();
        try
        {
            await shared.Machine.ShellAsync($"until grep -q 'step 4 of 5' /var/lib/osmoda/checks/{run:D}/journal; do sleep 0.1; done");
        }
        finally
        {
            await shared.Machine.PlugInAsync();
        }

        var ended = await Lab.EndedAsync(run);
        Assert.True(ended.State == CheckState.Passed, ConfigurationLab.Words(ended));
        Assert.Equal(["step 1 of 5", "step 2 of 5", "step 3 of 5", "step 4 of 5", "step 5 of 5"], ended.Build.Log.Where(line => line.StartsWith("step", StringComparison.Ordinal)));
        await Lab.Operations.LiveAsync();
    }

    [Fact]
    public async Task Another_dashboard_takes_a_build_up_that_an_earlier_one_began()
    {
        var run = await Lab.StartAsync(draft: Draft(Slow(4)));
        await using var next = Lab.NewWatch();
        await next.ResumeAsync(TestContext.Current.CancellationToken);

        CheckProgress? last = null;
        await foreach (var progress in next.FollowAsync(Lab.Operations.Ann, run, TestContext.Current.CancellationToken))
        {
            last = progress;
        }

        Assert.Equal(CheckState.Passed, last!.State);
        Assert.Contains("step 5 of 5", last.Build.Log);
        await Lab.EndedAsync(run);
    }

    [Fact]
    public async Task A_full_store_ends_the_check_with_what_to_do_and_the_next_run_passes()
    {
        // What is written to the store from here on goes into 8 KiB; once they are more, it stays there: Nix knows of it.
        await shared.Machine.ShellAsync("mkdir /small; mount -t tmpfs -o size=8k none /small; mkdir /small/up /small/work; mount -t overlay -o lowerdir=/nix/store,upperdir=/small/up,workdir=/small/work none /nix/store");

        var progress = await CheckAsync(Set("users.motd", new NixText("No room for this\n")));

        await shared.Machine.ShellAsync("mount -o remount,size=1g /small");
        Assert.True(progress.State == CheckState.Failed, ConfigurationLab.Words(progress));
        Assert.StartsWith("A disk of the server that builds is full.", Assert.Single(progress.Steps.SelectMany(static step => step.Findings)).Sentence, StringComparison.Ordinal);
        var next = await CheckAsync(Set("users.motd", new NixText("No room for this\n")));
        Assert.True(next.State == CheckState.Passed, ConfigurationLab.Words(next));
    }

    [Fact]
    public async Task A_disk_that_is_full_in_the_middle_of_a_build_ends_it_with_what_to_do_and_the_next_run_passes()
    {
        await shared.Machine.ShellAsync("mkdir -p /var/lib/osmoda/checks; mount -t tmpfs -o size=1m none /var/lib/osmoda/checks");
        try
        {
            var run = await Lab.StartAsync(draft: Draft(Slow(20)));
            await SeesAsync(run, progress => progress.Build.Log.Contains("step 1 of 5"));
            // The last free bytes too are taken: those of the page that the journal ends in.
            await shared.Machine.ShellAsync($"cd /var/lib/osmoda/checks; dd if=/dev/zero of=fill bs=4k 2>/dev/null; yes '' | dd of={run:D}/journal oflag=append conv=notrunc bs=1 count=8192 2>/dev/null; true");

            var ended = await Lab.EndedAsync(run);
            Assert.Equal(CheckState.Lost, ended.State);
            Assert.Equal("The server cannot write to /var/lib/osmoda/checks: its disk is full or read-only. Make room there and check again.", ended.Outcome);
            Assert.Equal("The server cannot write to /var/lib/osmoda/checks: the disk is full or read-only.", (await Lab.RunCheck.StartAsync(Lab.Operations.Ann, new CheckRequest { Sheet = Guid.CreateVersion7(), Server = Lab.Server }, TestContext.Current.CancellationToken)).Errors[""]);
        }
        finally
        {
            await shared.Machine.ShellAsync("umount -l /var/lib/osmoda/checks");
        }

        var next = await CheckAsync(Set("users.motd", new NixText("There is room again\n")));
        Assert.True(next.State == CheckState.Passed, ConfigurationLab.Words(next));
    }

    [Fact]
    public async Task The_same_sheet_sent_twice_is_one_run()
    {
        var request = new CheckRequest { Sheet = Guid.CreateVersion7(), Server = Lab.Server };
        await Lab.Operations.LiveAsync();
        var both = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Lab.RunCheck.StartAsync(Lab.Operations.Ann, request, TestContext.Current.CancellationToken)));

        Assert.All(both, result => Assert.Equal(request.Sheet, result.Value?.Id));
        Assert.Equal(CheckState.Passed, (await Lab.EndedAsync(request.Sheet)).State);
        Assert.Equal("1", (await shared.Machine.ShellAsync($"grep -c 'begin$' /var/lib/osmoda/checks/{request.Sheet:D}/journal")).Trim());
    }

    [Fact]
    public async Task A_draft_that_was_checked_cannot_be_deployed()
    {
        var progress = await CheckAsync(Set("users.motd", new NixText("Not saved\n")));
        var result = await Lab.Deploy.RunAsync(Lab.Operations.Ann, new DeployRequest { Sheet = Guid.CreateVersion7(), Check = progress.Run, SeenCurrent = Lab.Operations.State.Pins!.Current!.Value }, TestContext.Current.CancellationToken);

        Assert.Equal("A draft was checked. Save it first: only what the repository has is deployed.", Assert.IsType<OsModa.Core.Operations.RollBackResult.Refused>(result).Why);
    }

    private static Setting Set(string path, NixValue value) => new(OptionPath.TryParse(path, out var option, out var error) ? option : throw new FormatException(error), value);

    // Each a package of its own, so that it is built every time.
    private static Setting Slow(int seconds, string fails = "") =>
        Set("lab.slow", NixSet.Of([new("seconds", new NixInteger(seconds)), new("fails", new NixText(fails)), new("salt", new NixText(Guid.NewGuid().ToString()))]));

    private static CheckFinding Finding(CheckProgress progress, CheckStep step)
    {
        Assert.True(progress.State == CheckState.Failed, ConfigurationLab.Words(progress));
        return Assert.Single(progress.Steps.Single(s => s.Step == step).Findings, finding => !finding.IsWarning);
    }

    private SettingsDocument Draft(params Setting[] settings) => settings.Aggregate(shared.Clean.Document, (document, setting) => document.With(setting));

    private Task<CheckProgress> CheckAsync(params Setting[] settings) => Lab.CheckAsync(draft: Draft(settings));

    private async Task SeesAsync(Guid run, Func<CheckProgress, bool> wanted)
    {
        await foreach (var progress in Lab.Watch.FollowAsync(Lab.Operations.Ann, run, TestContext.Current.CancellationToken))
        {
            if (wanted(progress))
            {
                return;
            }
        }

        Assert.Fail("It ended before that was seen.");
    }
}
