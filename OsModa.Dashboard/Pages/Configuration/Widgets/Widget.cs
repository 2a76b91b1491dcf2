using Microsoft.AspNetCore.Components;
using OsModa.Core.Configuration;
using OsModa.Dashboard.Pages.Configuration.Editing;

namespace OsModa.Dashboard.Pages.Configuration.Widgets;

/// <summary>A field for one type of value.</summary>
/// <typeparam name="T">The type it is for.</typeparam>
public abstract class Widget<T> : ComponentBase
    where T : OptionType
{
    [Parameter, EditorRequired] public required T Type { get; set; }

    /// <summary>The place in the schema, with placeholders, where fields of sub-modules are found.</summary>
    [Parameter, EditorRequired] public required OptionPath Schema { get; set; }

    [Parameter, EditorRequired] public required EditPlace Place { get; set; }

    /// <summary>What it is called, where no label stands beside it.</summary>
    [Parameter] public string? Label { get; set; }

    /// <summary>It shows and does not change.</summary>
    [Parameter] public bool Locked { get; set; }

    /// <summary>Fields of a member that are shown before anybody sets them; null for what the widget thinks best.</summary>
    [Parameter] public IReadOnlyList<string>? Show { get; set; }

    /// <summary>What one member is called.</summary>
    [Parameter] public string? One { get; set; }

    /// <summary>Only members whose names begin so.</summary>
    [Parameter] public string? Names { get; set; }

    protected string? Invalid => Place.Faults.Any() ? "true" : null;

    protected string? DescribedBy => Place.Faults.Any() ? $"{Place.Id}-error" : null;
}
