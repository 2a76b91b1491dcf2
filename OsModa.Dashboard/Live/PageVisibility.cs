using Microsoft.AspNetCore.Components;

namespace OsModa.Dashboard.Live;

/// <summary>Whether the reader's tab is in front. One for each circuit; the layout sets it, live pages rest while it is hidden.</summary>
public sealed class PageVisibility
{
    public event EventHandler? Changed;

    public bool Hidden
    {
        get;
        set
        {
            if (field != value)
            {
                field = value;
                Changed?.Invoke(this, EventArgs.Empty);
            }
        }
    }
}

/// <summary>Sent by js/connection.js.</summary>
public sealed class PageVisibilityEventArgs : EventArgs
{
    public bool Hidden { get; set; }
}

[EventHandler("onpagevisibility", typeof(PageVisibilityEventArgs), enableStopPropagation: true, enablePreventDefault: false)]
public static class EventHandlers;
