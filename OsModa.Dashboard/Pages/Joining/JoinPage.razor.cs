using Microsoft.AspNetCore.Components;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Dashboard.Live;

namespace OsModa.Dashboard.Pages.Joining;

/// <summary>From an address to a watched server: let us in, compare the key, connect.</summary>
public sealed partial class JoinPage
{
    private Server? _row;
    private string? _publicKey;
    private ConnectionFault? _keyFault;
    private bool _accepted;
    private FirstConnectionStep? _first;

    [Inject] public required ServerDirectory Servers { get; set; }

    [Inject] public required OrganisationKeys Keys { get; set; }

    protected override async Task FoundAsync(ServerCard server)
    {
        _row = await Servers.FindAsync(Caller!, server.Id, CancellationToken.None);
        _accepted = _row?.HostKeys.Count > 0;
        if (Caller!.MayManage)
        {
            await ReadKeyAsync();
        }
    }

    private async Task ReadKeyAsync()
    {
        try
        {
            _publicKey = await Keys.PublicKeyAsync(Caller!.OrganisationId, CancellationToken.None);
        }
        catch (ConnectionException e)
        {
            _keyFault = e.Fault;
        }
    }

    private async Task AcceptedAsync()
    {
        _row = await Servers.FindAsync(Caller!, Server!.Id, CancellationToken.None);
        _accepted = true;
        if (_first is not null)
        {
            await _first.ConnectAsync();
        }
    }
}
