using Bunit;
using OsModa.Core.Configuration;
using OsModa.Dashboard.Pages.Configuration;
using OsModa.Dashboard.Pages.Configuration.Editing;
using OsModa.Tests.Configuration;
using Xunit;

namespace OsModa.Tests.Pages.Configuration;

/// <summary>A new agent on a server without a module for agents, as NixOS is: each becomes a service of systemd.</summary>
public sealed class AgentTemplatesTests : BunitContext
{
    private readonly SomeSchema _some = new();
    private readonly FormSession _session;

    public AgentTemplatesTests() => _session = new FormSession(_some.Schema, new SettingsAt(null, SettingsDocument.Empty), SettingsDocument.Empty);

    public static TheoryData<string> Keys { get; } = [.. AgentTemplate.All.Select(template => template.Key)];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Each_template_asks_for_a_folder_and_a_file_of_secrets_and_becomes_fields_that_fit(string key)
    {
        var template = AgentTemplate.All.Single(one => one.Key == key);
        var form = Open(template);

        form.Find("#agent-name").Change(" scout ");
        form.Find("#agent-work").Change("reads the news");
        form.Find("#agent-folder").Change("/srv/scout");
        form.Find("#agent-secrets").Change("/run/secrets/scout.env");
        Assert.Equal(template.File, form.Find("#agent-file").GetAttribute("value"));
        Assert.Equal(template.Language == "python", form.FindAll("#agent-packages").Count == 1);
        Press(form, "Add this agent");

        Assert.Equal(AgentTemplate.All.Length, form.FindAll(".template").Count);
        Assert.Empty(_session.Faults);
        Assert.Equal((new NixText("reads the news"), new NixText("/srv/scout"), new NixText("/run/secrets/scout.env")), (Value("description"), Value("serviceConfig.WorkingDirectory"), Value("serviceConfig.EnvironmentFile")));
        Assert.EndsWith($"/bin/{template.Language} {template.File}\"", Assert.IsType<NixExpression>(Value("serviceConfig.ExecStart")).Text, StringComparison.Ordinal);
        _session.Undo();
        Assert.Empty(_session.Document.Settings);
    }

    [Fact]
    public void Packages_that_are_typed_are_what_the_program_is_started_with()
    {
        var form = Open(AgentTemplate.All.Single(template => template.Key == "python"));

        form.Find("#agent-name").Change("scout");
        form.Find("#agent-packages").Change("requests, numpy");
        Press(form, "Add this agent");

        Assert.Equal("\"${pkgs.python3.withPackages (p: [ p.requests p.numpy ])}/bin/python main.py\"", Assert.IsType<NixExpression>(Value("serviceConfig.ExecStart")).Text);
        Assert.Equal(new NixText("/var/lib/agent-scout"), Value("serviceConfig.WorkingDirectory"));
    }

    [Fact]
    public void What_is_wrong_stands_at_its_field_and_nothing_is_set_until_it_is_right()
    {
        var form = Open(AgentTemplate.All[0]);

        form.Find("#agent-folder").Change("srv");
        form.Find("#agent-file").Change("main.py; rm");
        form.Find("#agent-secrets").Change("secret");
        Press(form, "Add this agent");

        Assert.All(["#agent-name-error", "#agent-folder-error", "#agent-file-error", "#agent-secrets-error"], field => Assert.NotEmpty(form.Find(field).TextContent));
        Assert.Empty(_session.Document.Settings);
        Press(form, "Cancel");
        Assert.Empty(form.FindAll(".new-agent"));
    }

    [Fact]
    public void An_agent_that_is_there_already_is_not_written_over()
    {
        var form = Open(AgentTemplate.All[0]);
        form.Find("#agent-name").Change("scout");
        Press(form, "Add this agent");
        var before = _session.Document;

        form.FindAll(".template")[1].Click();
        form.Find("#agent-name").Change("scout");
        Press(form, "Add this agent");

        Assert.Contains("There is an agent scout already.", form.Find("#agent-name-error").TextContent, StringComparison.Ordinal);
        Assert.Equal(before, _session.Document);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            _some.Dispose();
        }
    }

    private static void Press(IRenderedComponent<AgentTemplates> form, string button) => form.FindAll(".actions button").Single(one => one.TextContent == button).Click();

    private IRenderedComponent<AgentTemplates> Open(AgentTemplate template)
    {
        var form = Render<AgentTemplates>(parameters => parameters.Add(f => f.Session, _session));
        form.FindAll(".template").Single(one => one.QuerySelector("b")!.TextContent == template.Title).Click();
        return form;
    }

    private NixValue? Value(string member) => _session.Document.ValueAt(SomeSchema.Path($"systemd.services.agent-scout.{member}"));
}
