using OsModa.Core.Configuration;
using OsModa.Demo.Life;
using OsModa.Tests.Lab;
using Xunit;

namespace OsModa.Tests.Demo;

public sealed class DemoOptionsTests
{
    private static readonly string Folder = Path.Combine(Path.GetDirectoryName(LabServer.Folder)!, "OsModa.Demo", "Options");

    [Fact]
    public async Task A_simulated_server_tells_options_that_the_topics_are_made_of()
    {
        var clock = new HandClock();
        var fleet = new DemoFleet(new DemoSettings(), clock);
        var shell = fleet.ShellOf(fleet.Outline[0]);

        var source = await SourceOnServer.AskAsync(shell, CancellationToken.None);
        var options = await SchemaReader.ReadOptionsAsync(shell, source.Source!, CancellationToken.None);
        var set = await SchemaReader.ReadSetAsync(shell, source.Source!, CancellationToken.None);

        Assert.True(options.Whole);
        Assert.InRange(options.Told.Length, 150, 1_000);
        Assert.Contains(set.Told, value => value.Path.Text == "services.nginx.appendConfig" && value.Priority == Setting.Force);
        Assert.ProperSuperset(set.Told.Select(value => value.Path).ToHashSet(), options.Told.Select(option => option.Path).ToHashSet());
    }

    [Theory]
    [InlineData("schema")]
    [InlineData("set")]
    [Trait("Tier", "lab")]
    public async Task What_it_tells_is_what_its_files_evaluate_to(string part)
    {
        using var nix = new NixEvaluation();

        using var evaluated = await nix.JsonAsync($"import {Folder}/answer.nix {{ part = \"{part}\"; }}");

        Assert.Equal((await File.ReadAllTextAsync(Path.Combine(Folder, part + ".json"))).Trim(), evaluated.RootElement.GetRawText().Trim());
    }
}
