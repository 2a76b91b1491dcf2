using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace OsModa.Core.Configuration;

/// <summary>An agent as a person asks for it, before it becomes settings.</summary>
/// <param name="Template">What it is written with.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Work">What it is there for.</param>
/// <param name="Folder">Where its program lies on the server, absolute; empty for a folder of its own in /var/lib.</param>
/// <param name="File">The program in that folder.</param>
/// <param name="Packages">Of its language, with spaces between.</param>
/// <param name="SecretFile">A file on the server with its secrets as lines NAME=VALUE; empty for none.</param>
public sealed partial record AgentForm(AgentTemplate Template, string Name, string Work, string Folder, string File, string Packages, string SecretFile)
{
    private static readonly OptionPath Agents = OptionPath.Of("services", "agents"), Services = OptionPath.Of("systemd", "services");

    public static AgentForm Of(AgentTemplate template) => new(template, "", "", "", template.File, string.Join(' ', template.Packages), "");

    /// <summary>The server has options that an agent can be set with.</summary>
    public static bool FitsOn(OptionIndex index) => HasModule(index) || index.Find(Services) is not null;

    /// <summary>The server has a module for agents, which knows itself how a program is started.</summary>
    public static bool HasModule(OptionIndex index) => index.Find(Agents) is not null;

    /// <summary>The agent as a document of its own; each setting is a field that can be changed afterwards.</summary>
    /// <param name="index">Of the server's options.</param>
    /// <param name="document">What is set by now.</param>
    public Result<SettingsDocument> Check(OptionIndex index, SettingsDocument document)
    {
        var place = HasModule(index) ? Agents.Below(Name.Length == 0 ? "agent" : Name) : Services.Below("agent-" + Name);
        var errors = new FieldErrors();
        errors.Add(nameof(Name), !NameShape().IsMatch(Name) ? "A name has small letters, digits and dashes, 40 at most, and begins with a letter." : document.ValueAt(place) is not null ? $"There is an agent {Name} already." : null);
        errors.Add(nameof(Work), Work.AsSpan().ContainsAny('\n', '\r') ? "One line." : NixWords.Fault(Work));
        if (!HasModule(index))
        {
            errors.Add(nameof(Folder), Folder.Length > 0 && !Folder.StartsWith('/') ? "A folder on the server begins with a slash." : NixWords.Fault(Folder));
            errors.Add(nameof(File), !FileShape().IsMatch(File) ? "Name a file in that folder, such as main.py." : null);
            errors.Add(nameof(Packages), Names.All(name => PackageShape().IsMatch(name)) ? null : "Names of packages have letters, digits, dashes and underscores, with spaces between.");
            errors.Add(nameof(SecretFile), SecretFile.Length > 0 && !SecretFile.StartsWith('/') ? "A path on the server begins with a slash." : NixWords.Fault(SecretFile));
        }

        return errors.None ? SettingsDocument.Of(HasModule(index) ? ForModule(place) : ForSystemd(place)) : errors;
    }

    private string[] Names => Packages.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);

    private IEnumerable<Setting> ForModule(OptionPath place)
    {
        yield return new Setting(place.Below("framework"), new NixText(Template.Key));
        if (Work.Length > 0)
        {
            yield return new Setting(place.Below("work"), new NixText(Work));
        }
    }

    private IEnumerable<Setting> ForSystemd(OptionPath place)
    {
        yield return new Setting(place.Below("description"), new NixText(Work.Length > 0 ? Work : $"Agent {Name} ({Template.Title})"));
        yield return new Setting(place.Below("wantedBy"), new NixList([new NixText("multi-user.target")]));
        yield return new Setting(place.Below("unitConfig").Below("X-OsModa-Agent"), new NixText(Name));
        var service = place.Below("serviceConfig");
        yield return new Setting(service.Below("ExecStart"), new NixExpression(Command));
        yield return new Setting(service.Below("WorkingDirectory"), new NixText(Folder.Length > 0 ? Folder : $"/var/lib/agent-{Name}"));
        yield return new Setting(service.Below("StateDirectory"), new NixText($"agent-{Name}"));
        yield return new Setting(service.Below("DynamicUser"), new NixBool(true));
        yield return new Setting(service.Below("Restart"), new NixText("always"));
        yield return new Setting(service.Below("RestartSec"), new NixInteger(2));
        if (SecretFile.Length > 0)
        {
            yield return new Setting(service.Below("EnvironmentFile"), new NixText(SecretFile));
        }
    }

    // Only words that were checked stand in code; the file has no sign that means anything to systemd.
    private string Command => Template.Language == "node"
        ? $"\"${{pkgs.nodejs}}/bin/node {File}\""
        : $"\"${{pkgs.python3.withPackages (p: [ {string.Join(' ', Names.Select(name => $"p.{NixWords.Name(name)}"))} ])}}/bin/python {File}\"";

    [GeneratedRegex(@"\A[a-z][a-z0-9\-]{0,39}\z", RegexOptions.NonBacktracking)]
    private static partial Regex NameShape();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.\-/]{0,199}\z", RegexOptions.NonBacktracking)]
    private static partial Regex FileShape();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_\-]{0,99}\z", RegexOptions.NonBacktracking)]
    private static partial Regex PackageShape();
}
