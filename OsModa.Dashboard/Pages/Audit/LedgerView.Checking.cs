using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Storage;
using OsModa.Dashboard.Live;

namespace OsModa.Dashboard.Pages.Audit;

/// <summary>The whole log hashed anew: by itself where that is quick, else when a person asks for it.</summary>
public sealed partial class LedgerView
{
    /// <summary>Above this a full check takes long enough that a person asks for it.</summary>
    private const long CheckedUnasked = 1_000_000;

    /// <summary>Up to here what came since the last check is checked as it comes, without a word: some hundredths of a second.</summary>
    private const long CheckedAsItGrows = 100_000;

    private static readonly TimeSpan BetweenChecks = TimeSpan.FromSeconds(10);

    private CheckReport? _report;
    private DateTimeOffset? _checkedAt;
    private long? _progress;
    private bool _checking;
    private ThrottledSignal? _grown;

    private void CheckUnasked()
    {
        if (RendererInfo.IsInteractive && _report is null && !_checking && _state is { Size: <= CheckedUnasked })
        {
            Beside(CheckAsync);
        }
    }

    private void CheckWhatCame()
    {
        if (_report is { Result: CheckResult.Ok } report && _state is { Size: <= CheckedAsItGrows } state && state.Size > report.First + report.Entries)
        {
            _grown?.Raise();
        }
    }

    private Task CheckAsync() => CheckAsync(quietly: false);

    private async Task CheckAsync(bool quietly)
    {
        if (_checking)
        {
            return;
        }

        (_checking, _progress) = (true, quietly ? null : 0);
        StateHasChanged();
        var epoch = _show.Epoch;
        try
        {
            var progress = new Progress<long>(read => Beside(() =>
            {
                _progress = _progress is null ? null : read;
                StateHasChanged();
                return Task.CompletedTask;
            }));
            var report = await Task.Run(() => Queries.Check(Caller.OrganisationId, progress, epoch, _left.Token), _left.Token);
            (_report, _checkedAt) = epoch == _show.Epoch ? (report, Time.GetUtcNow()) : (_report, _checkedAt);
        }
        catch (Exception e) when (e is LedgerDamagedException or IOException or UnauthorizedAccessException || e.IsDatabaseTrouble())
        {
            _damaged = e.Message;
        }
        finally
        {
            (_checking, _progress) = (false, null);
            StateHasChanged();
            if (epoch != _show.Epoch)
            {
                CheckUnasked();     // that was chosen meanwhile
            }
        }
    }
}
