using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Storage;

namespace OsModa.Dashboard.Pages.Audit;

/// <summary>The whole log hashed anew: by itself where that is quick, else when a person asks for it.</summary>
public sealed partial class LedgerView
{
    /// <summary>Above this a full check takes long enough that a person asks for it.</summary>
    private const long CheckedUnasked = 1_000_000;

    private CheckReport? _report;
    private DateTimeOffset? _checkedAt;
    private long? _progress;

    private void CheckUnasked()
    {
        if (RendererInfo.IsInteractive && _report is null && _progress is null && _state is { Size: <= CheckedUnasked })
        {
            Beside(CheckAsync);
        }
    }

    private async Task CheckAsync()
    {
        if (_progress is not null)
        {
            return;
        }

        _progress = 0;
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
            _progress = null;
            StateHasChanged();
            if (epoch != _show.Epoch)
            {
                CheckUnasked();     // that was chosen meanwhile
            }
        }
    }
}
