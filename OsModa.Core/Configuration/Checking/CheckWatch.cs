using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.Logging;
using OsModa.Core.Accounts;
using OsModa.Core.Observation;
using OsModa.Core.Observation.Wire;
using OsModa.Core.Operations;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <summary>
/// Follows all runs of checks that are under way. The machines that build do not need it: they finish by themselves. When the dashboard starts it
/// takes up what was open, from the first line on.
/// </summary>
public sealed class CheckWatch : IAsyncDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<Guid, (FollowedCheck Check, Task Ended)> _followed = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly CheckHistory _history;
    private readonly ConfigurationRepositories _repositories;
    private readonly CheckTools _tools;

    public CheckWatch(Fleet fleet, ShellOf shells, CheckRows rows, CheckHistory history, CopyClosure copy, ConfigurationRepositories repositories, TimeProvider time, ILogger<CheckWatch> log)
    {
        (_history, _repositories) = (history, repositories);
        _tools = new CheckTools(fleet, shells, rows, copy, KeepLockAsync, HintAsync, time, log);
    }

    /// <summary>Takes up the runs that an earlier process left open. Once, at start.</summary>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        foreach (var open in await _tools.Rows.OpenAsync(cancellationToken))
        {
            _tools.Log.LogInformation("Taking up run of checks {Run} for {Server}", open.Id, open.ServerId);
            Follow(open);
        }
    }

    /// <summary>The newest state of a run, also of one that has ended; null when the caller's organisation has no such run.</summary>
    public async Task<CheckProgress?> ReadAsync(Caller caller, Guid run, CancellationToken cancellationToken) =>
        await _history.FindAsync(caller, run, cancellationToken) is not { } row ? null
        : row.State == CheckState.Running && _followed.TryGetValue(run, out var followed) ? followed.Check.Newest
        : CheckRecord.Read(row);

    /// <summary>
    /// The state of a run now and after each change, newest first of what came meanwhile, at most ten a second; ends after the last one. Nothing
    /// when the caller's organisation has no such run.
    /// </summary>
    public async IAsyncEnumerable<CheckProgress> FollowAsync(Caller caller, Guid run, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await _history.FindAsync(caller, run, cancellationToken) is null)
        {
            yield break;
        }

        if (_followed.TryGetValue(run, out var followed))
        {
            while (true)
            {
                var (newest, changed) = followed.Check.Look();
                if (newest.Ended && followed.Ended.IsCompleted)
                {
                    break;
                }

                yield return newest;
                await Task.WhenAny(changed, followed.Ended).WaitAsync(cancellationToken);
                await Task.Delay(Between, _tools.Time, cancellationToken);
            }
        }

        if (await ReadAsync(caller, run, cancellationToken) is { } last)
        {
            yield return last;
        }
    }

    /// <summary>Ends the copy of what was built to its server; what has arrived there by then is not thrown away.</summary>
    /// <returns>False where nothing is copied now.</returns>
    internal bool StopCopy(Guid run) => _followed.TryGetValue(run, out var followed) && followed.Check.StopCopy();

    /// <summary>Stops following. What runs on servers goes on.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_followed.Values.Select(followed => followed.Ended));
        _stop.Dispose();
    }

    /// <summary>A run whose row is written.</summary>
    internal void Follow(CheckRun run)
    {
        var check = new FollowedCheck(run, _tools);
        // It begins once it stands among the followed: who hears of its progress asks there, and its end takes it away there.
        var listed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_followed.TryAdd(run.Id, (check, RunAsync(run, check, listed.Task))))
        {
            listed.SetResult();
        }
    }

    private async Task RunAsync(CheckRun run, FollowedCheck check, Task listed)
    {
        await listed;
        try
        {
            await check.RunAsync(_stop.Token);
        }
        catch (Exception broken)
        {
            _tools.Log.LogError(broken, "Following the run of checks {Run} broke", run.Id);
            await LoseAsync(run, check);
        }
        finally
        {
            _followed.TryRemove(run.Id, out _);
        }
    }

    private async Task LoseAsync(CheckRun run, FollowedCheck check)
    {
        var lost = CheckSteps.End(check.Newest, CheckState.Lost, "Following the checks broke: the log of the dashboard has the cause.");
        try
        {
            await _tools.Time.InsistAsync(
                () => _tools.Rows.EndAsync(run, lost), away => _tools.Log.LogError(away, "The end of the run of checks {Run} cannot be written; trying again", run.Id), _stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Taken up again at the next start.
        }
    }

    // What Nix cannot say, because it never saw it.
    private async Task<string?> HintAsync(CheckRun run)
    {
        try
        {
            if (!CommitId.TryParse(run.Commit, out var commit))
            {
                return null;
            }

            var repository = await _repositories.OfAsync(run.OrganisationId);
            return await repository.SubmodulesAsync(commit) is [var first, ..] ? $"The repository has a submodule at {Place(first)}, and submodules are not sent to servers: if that is what is missing, make it an input of the flake, or put its files into the repository."
                : await repository.LinksAsync(commit) is [var link, ..] ? $"The repository has a symbolic link at {Place(link)}, and links are not sent to servers: if that is what is missing, put a file in its place, or name what it leads to."
                : null;
        }
        catch (RepositoryException)
        {
            return null;    // a hint, and no more
        }

        static string Place(string path) => ServerText.Harmless(path, 200);
    }

    // Which versions a flake's inputs have belongs to the configuration: else the next evaluation could be of others. A proposal's flake is nobody's yet.
    private async Task KeepLockAsync(CheckRun run, byte[] pinned)
    {
        try
        {
            var repository = await _repositories.OfAsync(run.OrganisationId);
            if (CommitId.TryParse(run.Commit, out var commit) && await repository.HasAsync(commit)
                && await _tools.Rows.LockAsync(run) is { } path && await repository.HeadAsync() is { } head
                && ChangeSet.Same((await repository.ReadAsync(commit, "")).GetValueOrDefault(path), (await repository.ReadAsync(head, "")).GetValueOrDefault(path)))
            {
                await repository.CommitAsync(head, new Dictionary<string, byte[]?>(StringComparer.Ordinal) { [path] = [.. pinned, (byte)'\n'] },
                    new CommitWords(run.AuthorName, "", _tools.Time.GetUtcNow(), "The inputs of the flake are pinned", "Made by the first evaluation, so that the next ones are of the same versions."));
            }
        }
        catch (RepositoryException broken)
        {
            _tools.Log.LogWarning(broken, "The inputs of the flake that run of checks {Run} evaluated could not be pinned", run.Id);
        }
    }
}
