using System.Collections.Immutable;
using OsModa.Core.Configuration;

namespace OsModa.Dashboard.Pages.Configuration.Editing;

/// <summary>The topics as they are on one server.</summary>
public sealed class TopicBook
{
    private readonly ImmutableDictionary<string, ImmutableArray<TopicField>> _fields;

    public TopicBook(OptionIndex index)
    {
        _fields = Topic.All.ToImmutableDictionary(topic => topic.Key, topic => topic.On(index));
        Here = [.. Topic.All.Where(topic => !_fields[topic.Key].IsEmpty)];
        Absent = [.. Topic.All.Where(topic => _fields[topic.Key].IsEmpty)];
    }

    /// <summary>Those that the server has options for.</summary>
    public ImmutableArray<Topic> Here { get; }

    public ImmutableArray<Topic> Absent { get; }

    public ImmutableArray<TopicField> FieldsOf(Topic topic) => _fields[topic.Key];

    /// <summary>How many things of a topic are set: a set of members counts each of them.</summary>
    public int CountOf(Topic topic, FormSession session) => FieldsOf(topic).Sum(field => CountOf(field, session));

    /// <summary>Options that are set by the form or in files of the server and stand on no topic's page.</summary>
    public IReadOnlyList<OptionPath> RestOf(FormSession session) =>
    [
        .. session.Document.Settings.Keys.Select(path => session.OptionOf(path)?.Path ?? path).Concat(session.Schema.Here.Keys).Distinct()
            .Where(path => !_fields.Values.Any(fields => fields.Any(field => path.IsWithin(field.Place))))
            .Where(path => session.OptionOf(path) is not { Hidden: true })
            .Order(OptionPath.Order),
    ];

    /// <summary>The topic that an option stands on; the first of several.</summary>
    public Topic? TopicOf(OptionPath path) => Here.FirstOrDefault(topic => FieldsOf(topic).Any(field => path.IsWithin(field.Place) && Fits(field, path)));

    private static int CountOf(TopicField field, FormSession session)
    {
        var (form, here) = (session.Document.ValueAt(field.Place), session.Schema.HereAt(field.Place)?.Value);
        return field.One is null
            ? form is not null || session.Schema.HereAt(field.Place) is not null ? 1 : 0
            : Names(form).Union(Names(here)).Count(field.Has);
    }

    private static bool Fits(TopicField field, OptionPath path) =>
        path.Parts.Length == field.Place.Parts.Length || field.Has(path.Parts[field.Place.Parts.Length]);

    private static IEnumerable<string> Names(NixValue? value) => value is NixSet(var members) ? members.Keys : [];
}
