using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using OsModa.Core.Observation;

namespace OsModa.Dashboard.Pages.OneServer;

/// <summary>All units of a server, live, what needs a look first.</summary>
public sealed partial class UnitsPage
{
    // What is typed goes its own way to the address and back, and more may be typed meanwhile.
    private readonly HashSet<string> _sent = new(StringComparer.Ordinal);
    private UnitFilter _filter = new(null, null, "");
    private string? _typed = "";
    private ImmutableArray<UnitState> _units = [];
    private ImmutableSortedDictionary<UnitName, UnitState>? _arranged;
    private ImmutableArray<string> _types = [];
    private Dictionary<UnitHealth, int> _counts = [];

    [SupplyParameterFromQuery(Name = "state")] public string? StateQuery { get; set; }

    [SupplyParameterFromQuery(Name = "type")] public string? TypeQuery { get; set; }

    [SupplyParameterFromQuery(Name = "q")] public string? TextQuery { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        await base.OnParametersSetAsync();
        var filter = UnitFilter.Parse(StateQuery, TypeQuery, TextQuery);
        if (filter != _filter || !ReferenceEquals(_arranged, State.Units))
        {
            if (!_sent.Remove(filter.Text))
            {
                _typed = filter.Text;
            }

            _filter = filter;
            Arrange();
        }
    }

    protected override bool Matters(ServerState before, ServerState now)
    {
        if (ReferenceEquals(_arranged, now.Units))
        {
            return BesideUnits(before, now);
        }

        Arrange();
        return true;
    }

    private static string? Text(ChangeEventArgs change) => change.Value?.ToString() is { Length: > 0 } text ? text : null;

    private void Arrange()
    {
        if (!ReferenceEquals(_arranged, State.Units))
        {
            _arranged = State.Units;
            _counts = _arranged.Values.CountBy(unit => unit.Health).ToDictionary();
            _types = [.. _arranged.Values.Select(UnitFilter.TypeOf).Distinct().Order(StringComparer.Ordinal)];
        }

        _units = UnitOrder.Of(State.Units.Values, _filter);
    }

    private void Search()
    {
        var text = _typed?.Trim() ?? "";
        if (text != _filter.Text || _sent.Count > 0)
        {
            _sent.Add(text);
            Go(_filter with { Text = text });
        }
    }

    private void Go(UnitFilter filter) => Navigation.NavigateTo(Link(filter), replace: true);

    private string Link(UnitFilter filter) => Navigation.GetUriWithQueryParameters($"{Address}/units", new Dictionary<string, object?>
    {
        ["state"] = UnitFilter.Names.FirstOrDefault(name => name.Health == filter.Health).Word,
        ["type"] = filter.Type,
        ["q"] = filter.Text.Length == 0 ? null : filter.Text,
    });
}
