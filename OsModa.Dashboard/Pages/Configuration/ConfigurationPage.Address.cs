using Microsoft.AspNetCore.Components;
using OsModa.Core.Configuration;
using OsModa.Dashboard.Pages.Configuration.Editing;

namespace OsModa.Dashboard.Pages.Configuration;

/// <summary>What of the form is shown: it stands in the address.</summary>
public sealed partial class ConfigurationPage
{
    private const string RestKey = "rest", SecretsKey = "secrets";

    private readonly OptionSearch _search = new();
    private TopicBook? _topics;
    private string? _typed;
    private int _rest = 30;

    /// <summary>Key of a topic.</summary>
    [SupplyParameterFromQuery(Name = "topic")] public string? TopicQuery { get; set; }

    /// <summary>Name of an option.</summary>
    [SupplyParameterFromQuery(Name = "option")] public string? OptionQuery { get; set; }

    /// <summary>What is searched for.</summary>
    [SupplyParameterFromQuery(Name = "q")] public string? SearchQuery { get; set; }

    /// <summary>Only what is set.</summary>
    [SupplyParameterFromQuery(Name = "set")] public string? SetQuery { get; set; }

    /// <summary>The sheet of a proposal is open.</summary>
    [SupplyParameterFromQuery(Name = "propose")] public string? ProposeQuery { get; set; }

    /// <summary>Id of a run of checks whose sheet is open.</summary>
    [SupplyParameterFromQuery(Name = "check")] public string? CheckQuery { get; set; }

    /// <summary>Id of a proposal whose sheet is open.</summary>
    [SupplyParameterFromQuery(Name = "proposal")] public string? ProposalQuery { get; set; }

    /// <summary>history, or nothing for the form.</summary>
    [SupplyParameterFromQuery(Name = "show")] public string? ShowQuery { get; set; }

    private string Form => $"{Address}/configuration";

    private OptionPath? Option => OptionPath.TryParse(OptionQuery, out var path, out _) ? path : null;

    private bool OnlySet => SetQuery == "1";

    /// <summary>A part of the address that means nothing; null while that cannot be known.</summary>
    private (string Value, string Kind)? Nonsense =>
        Wrong(CheckQuery, !Guid.TryParse(CheckQuery, out _), "run of checks")
        ?? Wrong(ProposalQuery, !Guid.TryParse(ProposalQuery, out _), "proposal")
        ?? Wrong(OptionQuery, Option is null, "name of an option")
        ?? Wrong(ShowQuery, ShowQuery != "history", "part of this page")
        ?? Wrong(TopicQuery, _topics is not null && TopicQuery != RestKey && !AddsSecrets && OpenTopic?.Key != TopicQuery, "page of the form");

    private string? Query => (_typed ?? SearchQuery) is { Length: > 0 and <= 300 } query ? query : OnlySet ? "" : null;

    private string? TopicKey => TopicQuery == RestKey ? RestKey : AddsSecrets ? SecretsKey : OpenTopic?.Key;

    /// <summary>The topic of secrets is asked for, and the server has no options for it.</summary>
    private bool AddsSecrets => TopicQuery == SecretsKey && _topics?.Absent.Any(topic => topic.Key == SecretsKey) == true;

    private Topic? OpenTopic => _topics is null ? null : _topics.Here.FirstOrDefault(topic => topic.Key == TopicQuery) ?? First;

    private Topic? First => _topics!.Here.FirstOrDefault(topic => _topics.CountOf(topic, _session!) > 0) ?? _topics.Here.FirstOrDefault();

    private static (string Value, string Kind)? Wrong(string? value, bool wrong, string kind) => wrong && value is { Length: > 0 } ? (value, kind) : null;

    private void SearchAsync(string typed)
    {
        _typed = typed;
        Search();
        if (typed.Length == 0 && SearchQuery is not null)
        {
            Navigation.NavigateTo(Form, replace: true);
        }
    }

    private void Search()
    {
        if (_session is { } session && Query is { } query)
        {
            _search.Run(session, query, OnlySet);
        }
    }
}
