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

    /// <summary>How a topic shows it; null outside of topics and further in.</summary>
    [Parameter] public TopicField? Field { get; set; }

    /// <summary>Stands for members that have no field of their own, as <see cref="EditPlace.HasPlaceFor"/> tells.</summary>
    protected static string OddNames => $"What has no name here, or one of more than {OptionPath.LongestPart} characters, has no field. Write it as Nix.";

    protected string? Invalid => Place.Faults.Any() ? "true" : null;

    protected string? DescribedBy => Place.Faults.Any() ? $"{Place.Id}-error" : null;
}
