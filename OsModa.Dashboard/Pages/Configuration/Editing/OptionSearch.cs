using OsModa.Core.Configuration;

namespace OsModa.Dashboard.Pages.Configuration.Editing;

/// <summary>What was found last; asked for the same again, nothing is read.</summary>
public sealed class OptionSearch
{
    public const int Most = 50;

    private (string? Query, bool OnlySet, OptionIndex? Index) _searched;

    public IReadOnlyList<Option> Hits { get; private set; } = [];

    /// <param name="session">Whose options.</param>
    /// <param name="query">As typed.</param>
    /// <param name="onlySet">Only what the form or the server's files set.</param>
    public void Run(FormSession session, string query, bool onlySet)
    {
        var index = session.Schema.Index;
        if (_searched == (query, onlySet, index))
        {
            return;
        }

        _searched = (query, onlySet, index);
        IReadOnlyCollection<OptionPath>? among = onlySet ? [.. session.Schema.Here.Keys.Concat(session.Document.Settings.Keys.Select(path => session.OptionOf(path)?.Path).OfType<OptionPath>()).Distinct()] : null;
        Hits = index.Search(query, Most, among);
    }
}
