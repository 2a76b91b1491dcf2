using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using OsModa.Core;
using OsModa.Core.Configuration;
using OsModa.Dashboard.Identity;

namespace OsModa.Dashboard.Pages.Configuration.Remote;

public sealed partial class ConnectForm : IDisposable
{
    private readonly CancellationTokenSource _left = new();
    private RemoteForm _form = new(null, null);
    private RemoteHost? _host;
    private ImmutableArray<FileExposed> _exposed = [];
    private FieldErrors _errors = new();
    private bool _busy;

    [Inject] public required CurrentCaller Viewer { get; set; }

    [Inject] public required ShowRemoteKeys Show { get; set; }

    [Inject] public required ReadExposed Exposed { get; set; }

    [Inject] public required ConnectRemote Connect { get; set; }

    /// <summary>The one that is connected; null for none.</summary>
    [Parameter] public ConfigurationRemote? Before { get; set; }

    /// <summary>With what became of the two histories, in one sentence.</summary>
    [Parameter] public EventCallback<string> OnConnected { get; set; }

    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }

    protected override void OnInitialized() => _form = new RemoteForm(Before?.Address, Before?.Branch);

    // Keys are of the host that was asked: another address is another host.
    private void Name(string? address) => (_form, _host) = (_form with { Address = address }, null);

    private async Task ReadAsync()
    {
        if (_busy)
        {
            return;
        }

        (_busy, _errors, _host) = (true, new FieldErrors(), null);
        try
        {
            var caller = await Viewer.ReadAsync(_left.Token);
            var shown = caller is not null ? await Show.RunAsync(caller, _form, _left.Token) : FieldErrors.Of("", CurrentCaller.SignedOut);
            _exposed = caller is not null && shown.Done ? await Exposed.RunAsync(caller) : [];
            (_errors, _host) = (shown.Errors, shown.Value);
        }
        catch (RepositoryException broken)
        {
            _errors = FieldErrors.Of("", broken.Message);
        }
        catch (OperationCanceledException) when (_left.IsCancellationRequested)
        {
            // Nobody looks any more.
        }
        finally
        {
            _busy = false;
        }
    }

    private async Task ConnectAsync(bool known)
    {
        if (_busy || _host is not { } host)
        {
            return;
        }

        (_busy, _errors) = (true, new FieldErrors());
        var caller = await Viewer.ReadAsync();
        var connected = caller is not null ? await Connect.RunAsync(caller, _form with { ExposedKnown = known }, host.Keys, CancellationToken.None) : FieldErrors.Of("", CurrentCaller.SignedOut);
        if (caller is not null && connected.Errors[nameof(RemoteForm.ExposedKnown)] is not null)
        {
            // What was saved since the host was asked may be the first of its kind.
            _exposed = await Exposed.RunAsync(caller);
        }

        (_busy, _errors) = (false, connected.Errors);
        if (connected.Done)
        {
            await OnConnected.InvokeAsync(connected.Value.Done);
        }
    }
}
