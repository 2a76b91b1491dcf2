using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Witnessing;
using OsModa.Core.Servers;
using OsModa.Core.Storage;
using OsModa.Dashboard.Live;

namespace OsModa.Dashboard.Pages.Audit;

public sealed partial class LedgerView
{
    private const int AtOnce = 50;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _left = new();
    private IReadOnlyDictionary<Guid, string> _names = ImmutableDictionary<Guid, string>.Empty;
    private LedgerShow _show = LedgerShow.Of(null, null);
    private LedgerState? _state;
    private IReadOnlyList<LogName> _epochs = [];
    private LedgerPage? _page;
    private LedgerEntry? _entry;
    private (long Seq, int Times)? _closed;
    private IReadOnlyList<SignedHead> _heads = [];
    private IReadOnlyList<WitnessState> _witnesses = [];
    private IReadOnlyList<PlantedHead> _planted = [];
    private TimestampState? _stamp;
    private NightlyResult? _nightly;
    private string? _damaged;
    private int _shown = AtOnce;

    [Inject] public required LedgerQueries Queries { get; set; }

    [Inject] public required LedgerStore Store { get; set; }

    [Inject] public required Publisher Publisher { get; set; }

    [Inject] public required WitnessClient Client { get; set; }

    [Inject] public required HeadPlanting Planting { get; set; }

    [Inject] public required TimestampStanding Stamps { get; set; }

    [Inject] public required NightlyCheck Nightly { get; set; }

    [Inject] public required ServerBook Book { get; set; }

    [Parameter, EditorRequired] public required Caller Caller { get; set; }

    /// <summary>Address of the page without what it shows.</summary>
    [Parameter, EditorRequired] public required string Page { get; set; }

    /// <summary>Only what is about this one.</summary>
    [Parameter] public ServerId? Server { get; set; }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _left.Cancel();
            _left.Dispose();
            _grown?.Dispose();
        }

        base.Dispose(disposing);
    }

    protected override async Task OnInitializedAsync()
    {
        var ours = Caller.OrganisationId;
        _grown = Signal(BetweenChecks, () => Beside(() => CheckAsync(quietly: true)));
        FollowReading(
            Interval,
            ReadAsync,
            raise => Store.Subscribe(grown => RaiseIf(grown == ours, raise)),
            raise => Client.Subscribe(cosigned => RaiseIf(cosigned == ours, raise)),
            raise => Publisher.Subscribe(signed => RaiseIf(signed.Log.Tenant == ours, raise)));
        _names = (await Book.OfAsync(Caller)).ToDictionary(server => server.Id.Value, server => server.Name);
    }

    protected override async Task OnParametersSetAsync()
    {
        var show = LedgerShow.Of(Kind, Text).With(EpochQuery, Who, From, To, ServerQuery);
        if (show != _show)
        {
            // Another epoch is another log: what was found of one says nothing of the other.
            (_report, _checkedAt) = show.Epoch == _show.Epoch ? (_report, _checkedAt) : (null, null);
            (_show, _shown) = (show, AtOnce);
        }

        var before = _entry?.Line.Seq;
        await InTurnAsync(ReadAsync);
        if (before is { } closed && _entry is null)
        {
            _closed = (closed, (_closed?.Times ?? 0) + 1);
        }

        CheckUnasked();
    }

    // Where it is among the entries that are shown, it opens under its own line.
    private bool IsInTape(LedgerEntry entry) => _page?.Lines.Any(line => line.Seq == entry.Line.Seq) == true;

    private static void RaiseIf(bool isOurs, Action raise)
    {
        if (isOurs)
        {
            raise();
        }
    }

    // The ledger is read by blocking calls, so not on the page's own thread.
    private async Task ReadAsync()
    {
        var (tenant, filter, count, entry, before, epoch) = (Caller.OrganisationId, _show.Filter(Caller.Name, Server), _shown, Entry, Before, _show.Epoch);
        try
        {
            (_epochs, _state, _nightly, _page, _heads, _entry) = await Task.Run(
                () => (Queries.Epochs(tenant), Queries.State(tenant, epoch), Nightly.Of(tenant), Pages(tenant, filter, count, before), Queries.Heads(tenant, LedgerQueries.MostLines, epoch), entry is { } seq ? Queries.Entry(tenant, seq, epoch) : null), _left.Token);
            // Witnesses, servers and the authority are given heads of the newest log.
            (_witnesses, _planted) = _state?.End is not null ? ([], []) : (await Task.Run(() => Client.States(tenant), _left.Token), Planting.Of(_names.Keys.Select(id => new ServerId(id))));
            _stamp = _state?.End is not null ? null : await Task.Run(() => Stamps.Of(tenant), _left.Token);
            _damaged = null;
            CheckWhatCame();
        }
        catch (Exception e) when (e is LedgerDamagedException or IOException or UnauthorizedAccessException || e.IsDatabaseTrouble())
        {
            _damaged = e.Message;
        }
    }

    // A search that has looked back far enough for one turn goes on when a person says so.
    private LedgerPage Pages(Guid tenant, LedgerFilter filter, int count, long? from)
    {
        var page = Queries.Page(tenant, filter, from, count, _left.Token);
        while (page.Lines.Count < count && page is { Before: { } before, SearchedTo: null })
        {
            var next = Queries.Page(tenant, filter, before, count - page.Lines.Count, _left.Token);
            page = next with { Lines = [.. page.Lines, .. next.Lines] };
        }

        return page;
    }

    private async Task MoreAsync()
    {
        _shown += AtOnce;
        await InTurnAsync(ReadAsync);
    }
}
