using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using OsModa.Core.Accounts;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Dashboard.Identity;
using OsModa.Dashboard.Live;

namespace OsModa.Dashboard.Pages.SafeSwitch;

/// <summary>All runs of SafeSwitch in the organisation, their recovery times, what is in quarantine, and the drill.</summary>
public sealed partial class SafeSwitchPage
{
    /// <summary>Runs that are shown at first.</summary>
    private const int AtOnce = 15;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private Caller? _caller;
    private ImmutableArray<ServerCard> _servers = [];
    private IReadOnlyDictionary<ServerId, string> _names = ImmutableDictionary<ServerId, string>.Empty;
    private IReadOnlyList<Operation>? _runs;
    private IReadOnlyList<Operation> _recoveries = [];
    private IReadOnlyList<Quarantine> _quarantines = [];
    private int _shown = AtOnce;

    [Inject] public required CurrentCaller Viewer { get; set; }

    [Inject] public required OperationHistory History { get; set; }

    [Inject] public required OperationRows Rows { get; set; }

    [Inject] public required QuarantineList Quarantines { get; set; }

    [Inject] public required ServerBook Book { get; set; }

    [Inject] public required NavigationManager Navigation { get; set; }

    /// <summary>The drill's sheet is open: id of the server that it is for, or any other word to choose one.</summary>
    [SupplyParameterFromQuery(Name = "drill")] public string? Drill { get; set; }

    protected override async Task OnInitializedAsync()
    {
        // Names are read before the runs: a change of one that is not among them yet is read with them.
        FollowReading(Interval, ReadAsync, raise => Rows.Subscribe(server =>
        {
            if (_names.ContainsKey(server))
            {
                raise();
            }
        }));
        await InTurnAsync(ReadAsync);
        if (_caller is null)
        {
            Navigation.NavigateTo(SignIn.Path, forceLoad: true);
        }
    }

    private async Task ReadAsync()
    {
        _caller = await Viewer.ReadAsync();
        if (_caller is not null)
        {
            _servers = await Book.OfAsync(_caller);
            _names = _servers.ToDictionary(server => server.Id, server => server.Name);
            _recoveries = [.. (await History.RecoveriesAsync(_caller)).Reverse()];
            _quarantines = await Quarantines.AllAsync(_caller);
            _runs = await History.RunsAsync(_caller, _shown);
        }
    }

    private async Task MoreAsync()
    {
        _shown += 2 * AtOnce;
        await InTurnAsync(ReadAsync);
    }
}
