using OsModa.Core.Accounts;
using OsModa.Core.Configuration;
using OsModa.Core.Servers;

namespace OsModa.Dashboard.Pages.Configuration.Checks;

/// <summary>The checks of what a form holds, as long as it holds that.</summary>
public sealed class DraftChecks(RunCheck checks, CheckWatch watch, ServerId server)
{
    private CheckProgress? _newest;
    private (SettingsDocument Document, Guid Run)? _run;

    /// <summary>They are being handed to the server.</summary>
    public bool Starting { get; private set; }

    /// <summary>How they stand for this very document; null when it was never checked.</summary>
    public CheckProgress? Of(SettingsDocument document) => _run is { } run && run.Document.Equals(document) ? _newest : null;

    /// <returns>The run to be followed, or why there is none.</returns>
    public async Task<(Guid? Run, string? Fault)> StartAsync(Caller caller, SettingsDocument document, CancellationToken cancellationToken)
    {
        Starting = true;
        var run = await checks.StartAsync(caller, new CheckRequest { Sheet = Guid.CreateVersion7(), Server = server, Draft = document }, cancellationToken);
        Starting = false;
        if (!run.Done)
        {
            return (null, run.Errors.ByField.Values.First());
        }

        (_newest, _run) = (null, (document, run.Value.Id));
        return (run.Value.Id, null);
    }

    /// <summary>Follows a run to its end, or until another one is begun.</summary>
    public async Task FollowAsync(Caller caller, Guid run, Action changed, CancellationToken cancellationToken)
    {
        await foreach (var progress in watch.FollowAsync(caller, run, cancellationToken))
        {
            if (_run?.Run != run)
            {
                return;
            }

            _newest = progress;
            changed();
        }
    }
}
