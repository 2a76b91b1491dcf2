using System.Collections.Immutable;
using System.Text.Json;
using OsModa.Core.Ssh;

namespace OsModa.Core.Configuration;

/// <summary>A page of the form about one thing that people do; which options are on it stands in <c>topics.json</c>.</summary>
/// <param name="Key">In addresses.</param>
/// <param name="Title">What it is called.</param>
/// <param name="About">What it is about, in a sentence or two.</param>
/// <param name="Options">Fields, in their order. A server shows those that it has.</param>
public sealed record Topic(string Key, string Title, string About, ImmutableArray<TopicField> Options)
{
    public static ImmutableArray<Topic> All { get; } = JsonSerializer.Deserialize<ImmutableArray<Topic>>(RemoteScript.Embedded("topics.json").Text, JsonSerializerOptions.Web);

    /// <summary>The fields of a topic that a server has the options of.</summary>
    public ImmutableArray<TopicField> On(OptionIndex index) => [.. Options.Where(field => index.Find(field.Place) is { Hidden: false })];
}

/// <summary>A field of a topic.</summary>
/// <param name="Path">Of the option.</param>
/// <param name="Label">What people call it.</param>
/// <param name="Words">A sentence more; null where the option's own words do.</param>
/// <param name="One">What one member of it is called, where it is a set of them.</param>
/// <param name="Names">Only members whose names begin so.</param>
/// <param name="But">No members whose names begin so: they stand on another page.</param>
/// <param name="Show">Fields of a member that are shown before anybody sets them.</param>
public sealed record TopicField(string Path, string Label, string? Words = null, string? One = null, string? Names = null, string? But = null, ImmutableArray<string>? Show = null)
{
    public OptionPath Place { get; } = OptionPath.TryParse(Path, out var place, out var error) ? place : throw new FormatException(error);

    /// <summary>A member of that name stands on this page.</summary>
    public bool Has(string member) => (Names is null || member.StartsWith(Names, StringComparison.Ordinal)) && (But is null || !member.StartsWith(But, StringComparison.Ordinal));
}
