using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Dashboard.Identity;
using OsModa.Dashboard.Live;

namespace OsModa.Dashboard.Pages.SafeSwitch;

public sealed partial class DrillSheet : IDisposable
{
    private readonly CancellationTokenSource _left = new();
    private readonly Guid _sheet = Guid.CreateVersion7();
    private RollBackResult.Refused? _refused;
    private string _server = "";
    private string? _reason;
    private string? _typed;
    private bool _busy;

    [Inject] public required CurrentCaller Viewer { get; set; }

    [Inject] public required Fleet Fleet { get; set; }

    [Inject] public required RunDrill Verb { get; set; }

    [Inject] public required NavigationManager Navigation { get; set; }

    [Parameter, EditorRequired] public required ImmutableArray<ServerCard> Servers { get; set; }

    /// <summary>Id of the server that is chosen at first; any other text for none.</summary>
    [Parameter] public string? Chosen { get; set; }

    /// <summary>Address of the page without the sheet.</summary>
    [Parameter, EditorRequired] public required string Close { get; set; }

    private ServerCard? Card => Servers.FirstOrDefault(server => server.Id.ToString() == _server);

    private string? ServerError => ErrorOf(nameof(DrillRequest.Server));

    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }

    protected override void OnInitialized() => _server = Servers.Any(server => server.Id.ToString() == Chosen) ? Chosen! : "";

    private string? ErrorOf(string field) => _refused?.Field == field ? _refused.Why : null;

    private void Choose(ChangeEventArgs change) => (_server, _refused) = (change.Value?.ToString() ?? "", null);

    private async Task RunAsync()
    {
        if (_busy)
        {
            return;
        }

        if (Card is not { } card)
        {
            _refused = new(nameof(DrillRequest.Server), "Choose the server that the drill is for.");
            return;
        }

        (_busy, _refused) = (true, null);
        var result = await Viewer.ReadAsync() is not { } caller ? new RollBackResult.Refused("", CurrentCaller.SignedOut)
            : Fleet[card.Id].Pins?.Current is not { } current ? new RollBackResult.Refused(nameof(DrillRequest.Server), $"What {card.Name} runs is not known yet.")
            : await Verb.RunAsync(caller, new DrillRequest(_sheet, card.Id, current, _reason ?? "", _typed ?? ""), _left.Token);
        _busy = false;
        switch (result)
        {
            case RollBackResult.Started started: Follow(started.Operation); break;
            case RollBackResult.Joined joined: Follow(joined.Operation); break;
            case RollBackResult.Refused refused: _refused = refused; break;
            default: _refused = new RollBackResult.Refused("", "This server is not in the list any more."); break;
        }
    }

    private void Follow(Operation operation) => Navigation.NavigateTo($"/servers/{operation.ServerId}/generations?operation={operation.Id}");
}
