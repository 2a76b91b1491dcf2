using Microsoft.AspNetCore.Components;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Dashboard.Live;

namespace OsModa.Dashboard.Pages.Joining;

/// <summary>The accepted key beside the one that is shown now, and the two ways out when they differ.</summary>
public sealed partial class HostKeyPage
{
    private Server? _row;
    private IReadOnlyList<HostKey>? _shown;
    private ConnectionFault? _fault;
    private ServerId? _asked;
    private int? _arrivals;

    [Inject] public required ServerDirectory Servers { get; set; }

    [Inject] public required ShowHostKeys Show { get; set; }

    private bool Changed => _row?.HostKeyAlarm is not null || (State.Fault is { Kind: ConnectionFaultKind.HostKeyChanged, KeyOf: { } owner } && owner == State.Server);

    private bool Same => _shown is not null && _row is not null
        && _shown.Select(key => key.Fingerprint).Intersect(_row.HostKeys.Select(key => key.Fingerprint)).Any()
        && _shown.All(key => _row.HostKeys.Exists(accepted => accepted.Type != key.Type || accepted.Fingerprint == key.Fingerprint));

    private bool Differs => Changed || (_shown is not null && !Same);

    protected override async Task FoundAsync(ServerCard server) => _row = await Servers.FindAsync(Caller!, server.Id, CancellationToken.None);

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // Not while the page is rendered for the first answer; and what is accepted may be read long after the page is drawn first.
        if (_row is { HostKeys.Count: > 0 } row && row.Id != _asked)
        {
            _asked = row.Id;
            await ReadAsync();
            StateHasChanged();
        }
    }

    private async Task ReadAsync()
    {
        (_shown, _fault) = (null, null);
        try
        {
            _shown = await Show.OfAsync(Caller!, Server!.Id, CancellationToken.None);
        }
        catch (ConnectionException e)
        {
            _fault = e.Fault;
        }
    }

    private async Task AcceptedAsync()
    {
        // The form that was sent goes with the alarm.
        _arrivals = (_arrivals ?? 0) + 1;
        _row = await Servers.FindAsync(Caller!, Server!.Id, CancellationToken.None);
        await ReadAsync();
    }
}
