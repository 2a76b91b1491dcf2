using Microsoft.AspNetCore.Components;
using OsModa.Core.Comparison;
using OsModa.Dashboard.Pages.OneServer;

namespace OsModa.Dashboard.Pages.Comparing;

/// <summary>A page that compares what a server runs or ran with something: which part of it is shown, what is searched in it, and its end when it is left.</summary>
public abstract class ComparingPage : ServerPage
{
    private static readonly string[] Views = ["", "security", "packages", "units", "etc", "kernel"];

    private readonly CancellationTokenSource _left = new();
    private CancellationTokenSource? _reading;

    protected ComparingPage() => Left = _left.Token;

    [SupplyParameterFromQuery(Name = "show")] public string? ShowQuery { get; set; }

    [SupplyParameterFromQuery(Name = "search")] public string? SearchQuery { get; set; }

    /// <summary>One of the parts; empty for all.</summary>
    protected string View => Views.Contains(ShowQuery) ? ShowQuery! : "";

    protected string Search => SearchQuery is { Length: <= 100 } search ? search.Trim() : "";

    /// <summary>As far as it was read; null before that.</summary>
    protected SystemDifference? Difference { get; set; }

    /// <summary>Ends what is read for a page that nobody looks at any more.</summary>
    protected CancellationToken Left { get; }

    /// <summary>Ends what is read once the page reads something else, or is left: after that nothing of it may be shown.</summary>
    protected CancellationToken Reading { get; private set; }

    /// <summary>The page reads something else from here on; what it still reads is ended. Gives the new <see cref="Reading"/>.</summary>
    protected CancellationToken ReadAnew()
    {
        _reading?.Cancel();
        _reading?.Dispose();
        _reading = CancellationTokenSource.CreateLinkedTokenSource(Left);
        return Reading = _reading.Token;
    }

    /// <summary>Shows a part of what is still being read, unless more is shown already or something else is read by now.</summary>
    protected Task Show(SystemDifference part, CancellationToken reading)
    {
        if (!reading.IsCancellationRequested && (Difference is null || Difference.Read < part.Read))
        {
            Difference = part;
            StateHasChanged();
        }

        return Task.CompletedTask;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _left.Cancel();
            _left.Dispose();
            _reading?.Dispose();
        }

        base.Dispose(disposing);
    }
}
