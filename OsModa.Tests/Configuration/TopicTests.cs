using OsModa.Core.Configuration;
using Xunit;

namespace OsModa.Tests.Configuration;

public sealed class TopicTests : IDisposable
{
    private readonly SomeSchema _some = new();

    public void Dispose() => _some.Dispose();

    [Fact]
    public void Each_topic_has_a_name_and_words_of_its_own()
    {
        Assert.Distinct(Topic.All.Select(topic => topic.Key));
        Assert.Distinct(Topic.All.Select(topic => topic.Title));
        Assert.All(Topic.All, topic =>
        {
            Assert.Matches("[.]$", topic.About);
            Assert.NotEmpty(topic.Options);
            Assert.Distinct(topic.Options.Select(field => field.Path));
        });
    }

    [Fact]
    public void A_server_shows_only_what_it_has_options_for()
    {
        var web = Topic.All.Single(topic => topic.Key == "web").On(_some.Schema.Index);

        Assert.Contains(web, field => field.Path == "services.web.enable");
        Assert.Contains(web, field => field.Path == "services.nginx.virtualHosts");
        Assert.DoesNotContain(web, field => field.Path == "services.nginx.enable");
        Assert.Empty(Topic.All.Single(topic => topic.Key == "gpu").On(_some.Schema.Index));
    }

    [Theory]
    [MemberData(nameof(Templates))]
    public void An_agent_of_each_template_is_made_of_fields_that_fit_their_types(string key)
    {
        var form = AgentForm.Of(AgentTemplate.All.Single(template => template.Key == key)) with { Name = "scout", SecretFile = "/run/secrets/scout" };

        var agent = form.Check(_some.Schema.Index, SettingsDocument.Empty);

        Assert.True(agent.Done, string.Join(' ', agent.Errors.ByField.Values));
        Assert.Empty(new DocumentCheck(_some.Schema.Index).Faults(agent.Value));
        Assert.Equal(new NixText("scout"), agent.Value.ValueAt(SomeSchema.Path("systemd.services.agent-scout.unitConfig.X-OsModa-Agent")));
        var command = Assert.IsType<NixExpression>(agent.Value.ValueAt(SomeSchema.Path("systemd.services.agent-scout.serviceConfig.ExecStart")));
        Assert.Null(NixBrackets.Fault(command.Text));
    }

    // Read in nixpkgs, pkgs/development/python-modules: a name that is not there ends the checks of whoever takes the template.
    [Fact]
    public void Templates_name_packages_that_nixpkgs_has_and_say_what_it_has_not()
    {
        Assert.Subset(new HashSet<string>(StringComparer.Ordinal) { "crewai", "langchain", "langgraph", "mcp" }, AgentTemplate.All.SelectMany(template => template.Packages).ToHashSet(StringComparer.Ordinal));
        Assert.Contains("not in nixpkgs", AgentTemplate.All.Single(template => template.Key == "autogen").Note, StringComparison.Ordinal);
        Assert.Contains("HTTP", AgentTemplate.All.Single(template => template.Key == "mcp").Note, StringComparison.Ordinal);
        Assert.Contains("node_modules", AgentTemplate.All.Single(template => template.Key == "node").Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(AgentForm.Name), "Scout 1")]
    [InlineData(nameof(AgentForm.File), "main.py\"; evil")]
    [InlineData(nameof(AgentForm.File), "${pkgs.evil}")]
    [InlineData(nameof(AgentForm.Packages), "langgraph ]); evil")]
    [InlineData(nameof(AgentForm.Folder), "relative")]
    [InlineData(nameof(AgentForm.SecretFile), "secret")]
    public void What_would_become_code_is_refused_at_its_field(string field, string text)
    {
        var form = AgentForm.Of(AgentTemplate.All[0]) with { Name = "scout" };
        form = field switch
        {
            nameof(AgentForm.Name) => form with { Name = text },
            nameof(AgentForm.File) => form with { File = text },
            nameof(AgentForm.Packages) => form with { Packages = text },
            nameof(AgentForm.Folder) => form with { Folder = text },
            _ => form with { SecretFile = text },
        };

        Assert.NotNull(form.Check(_some.Schema.Index, SettingsDocument.Empty).Errors[field]);
    }

    [Fact]
    public void A_name_is_taken_once()
    {
        var form = AgentForm.Of(AgentTemplate.All[0]) with { Name = "scout" };
        var first = form.Check(_some.Schema.Index, SettingsDocument.Empty).Value!;

        Assert.Contains("already", form.Check(_some.Schema.Index, first).Errors[nameof(AgentForm.Name)], StringComparison.Ordinal);
    }

    public static TheoryData<string> Templates { get; } = [.. AgentTemplate.All.Select(template => template.Key)];
}
