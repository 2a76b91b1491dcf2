using System.Collections.Immutable;
using System.Text.Json;
using OsModa.Core.Ssh;

namespace OsModa.Core.Configuration;

/// <summary>A way to write agents; they stand in <c>templates.json</c>.</summary>
/// <param name="Key">In addresses.</param>
/// <param name="Title">Name of the framework or language.</param>
/// <param name="About">One sentence.</param>
/// <param name="Language">python or node: what runs it.</param>
/// <param name="File">The program that people usually have.</param>
/// <param name="Packages">Of the language, by their names in nixpkgs.</param>
/// <param name="Note">What the person has to see to, because a service by itself or nixpkgs does not; null for nothing.</param>
public sealed record AgentTemplate(string Key, string Title, string About, string Language, string File, ImmutableArray<string> Packages, string? Note = null)
{
    public static ImmutableArray<AgentTemplate> All { get; } = JsonSerializer.Deserialize<ImmutableArray<AgentTemplate>>(RemoteScript.Embedded("templates.json").Text, JsonSerializerOptions.Web);
}
