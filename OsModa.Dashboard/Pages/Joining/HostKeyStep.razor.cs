using Microsoft.AspNetCore.Components;
using OsModa.Core;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Dashboard.Identity;

namespace OsModa.Dashboard.Pages.Joining;

public sealed partial class HostKeyStep : IDisposable
{
    private readonly CancellationTokenSource _left = new();
    private IReadOnlyList<HostKey>? _shown;
    private ConnectionFault? _fault;
    private string? _error;
    private bool _busy;
    private int? _arrivals;

    [Inject] public required CurrentCaller Viewer { get; set; }

    [Inject] public required ShowHostKeys Show { get; set; }

    [Inject] public required AcceptHostKeys Accept { get; set; }

    [Parameter, EditorRequired] public required Server Server { get; set; }

    [Parameter] public EventCallback OnAccepted { get; set; }

    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // Not while the page is rendered for the first answer: reading may take its time, and would be done twice.
        if (firstRender && Server.HostKeys.Count == 0)
        {
            await ReadAsync();
            StateHasChanged();
        }
    }

    private Task ReadAgainAsync()
    {
        // The button that was pressed is gone while the keys are read.
        _arrivals = (_arrivals ?? 0) + 1;
        return ReadAsync();
    }

    private async Task ReadAsync()
    {
        (_shown, _fault, _error) = (null, null, null);
        try
        {
            if (await Viewer.ReadAsync(_left.Token) is { } caller)
            {
                _shown = await Show.OfAsync(caller, Server.Id, _left.Token);
            }
        }
        catch (ConnectionException e)
        {
            _fault = e.Fault;
        }
        catch (OperationCanceledException) when (_left.IsCancellationRequested)
        {
            // Nobody looks any more.
        }
    }

    private async Task AcceptAsync()
    {
        if (_busy || _shown is not { } shown)
        {
            return;
        }

        (_busy, _error) = (true, null);
        try
        {
            var result = await Viewer.ReadAsync() is { } caller ? await Accept.RunAsync(caller, Server.Id, shown, reason: null, CancellationToken.None) : FieldErrors.Of("", CurrentCaller.SignedOut);
            if (result.Done)
            {
                _shown = null;
                await OnAccepted.InvokeAsync();
            }
            else
            {
                _error = result.Errors.ByField.Values.FirstOrDefault();
            }
        }
        finally
        {
            _busy = false;
        }
    }
}
