using OsModa.Core.Ssh;

namespace OsModa.Core.Configuration;

/// <summary>What came of a visit to a remote repository.</summary>
/// <param name="Fault">Why there was no way in, or nothing to follow; null when it answered.</param>
/// <param name="From">Where our branch was, when others had moved theirs.</param>
/// <param name="To">Where it is since.</param>
/// <param name="Rewritten">The history there does not lead from the one to the other.</param>
internal sealed record RemoteHeard(ConnectionFault? Fault = null, CommitId? From = null, CommitId? To = null, bool Rewritten = false);

/// <summary>
/// Keeps our branch a copy of one in a remote repository. Whoever calls it holds the repository alone, so that each step begins where the one before ended.
/// </summary>
/// <param name="git">Our repository.</param>
/// <param name="remote">The branch that is the truth.</param>
/// <param name="tell">Told of each visit before anybody else goes on.</param>
/// <param name="time">For the names of what is kept.</param>
internal sealed class RemoteCopy(GitProgram git, RemoteBranch remote, Func<RemoteHeard, Task> tell, TimeProvider time)
{
    private readonly LocalBranch _ours = new(git);

    /// <summary>A changed host key that stands from before, or since a visit of ours; nothing is sent to the host then.</summary>
    public ConnectionFault? StoppedBy { get; set; }

    /// <summary>Brings what others pushed, and moves our branch after theirs.</summary>
    /// <exception cref="ConnectionException">It cannot be reached; everything stays as it was.</exception>
    public Task FollowAsync(CancellationToken cancellationToken) => VisitAsync(async visit =>
    {
        await FollowAsync(visit, await _ours.HeadAsync());
        return true;
    }, cancellationToken);

    /// <summary>The same for somebody who wants to save.</summary>
    /// <exception cref="RepositoryException">It cannot be reached; says so to them.</exception>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            await FollowAsync(cancellationToken);
        }
        catch (ConnectionException away)
        {
            throw new RepositoryException($"Nothing was saved, because the remote repository could not be reached. {away.Message} What you changed is kept; save it again later.", away);
        }
    }

    /// <summary>Moves the branch there, which nobody else has moved; ours is to be moved after it.</summary>
    /// <param name="commit">Made on <paramref name="basis"/>.</param>
    /// <param name="basis">Where both branches are.</param>
    /// <returns>False when somebody else was first: our branch is where theirs is, and the change is to be made anew.</returns>
    /// <exception cref="RepositoryException">It cannot be reached or refuses the change.</exception>
    public async Task<bool> PushAsync(CommitId commit, CommitId? basis)
    {
        var pushing = false;
        try
        {
            return await VisitAsync(async visit =>
            {
                if (visit.Tip != basis)
                {
                    await FollowAsync(visit, basis);
                    return false;
                }

                pushing = true;
                var refused = await visit.PushAsync(commit, basis);
                if (refused is not null)
                {
                    // Somebody may have come first, or it arrived and the answer did not.
                    await visit.AgainAsync();
                }

                if (refused is null || visit.Tip == commit)
                {
                    await tell(new RemoteHeard());
                    return true;
                }

                if (visit.Tip == basis)
                {
                    await tell(new RemoteHeard());
                    throw new RepositoryException($"Nothing was saved, because {remote.Host} refused the change: {refused} What you changed is kept.");
                }

                await FollowAsync(visit, basis);
                return false;
            }, CancellationToken.None);
        }
        catch (ConnectionException away)
        {
            throw new RepositoryException(pushing
                ? $"The connection to {remote.Host} broke while the change was on its way. Whether it arrived is seen once the remote repository answers again; it is not saved twice. What you changed is kept. {away.Message}"
                : $"Nothing was saved, because the remote repository could not be reached. {away.Message} What you changed is kept; save it again later.", away);
        }
    }

    /// <summary>The first visit: the branch that is behind is brought up to the other.</summary>
    /// <returns>What was done, in one sentence.</returns>
    /// <exception cref="ConnectionException">It cannot be reached.</exception>
    /// <exception cref="RepositoryException">Neither history leads to the other, or the host refuses ours; nothing was done.</exception>
    public Task<string> JoinAsync(CancellationToken cancellationToken) => VisitAsync(async visit =>
    {
        var ours = await _ours.HeadAsync();
        if (visit.Tip is { } there && there != ours)
        {
            there = await visit.FetchAsync();
            if (ours is null || await _ours.LeadsAsync(ours.Value, there))
            {
                return await _ours.MoveAsync(ours, there) ? "What the branch holds is your configuration now." : throw new RepositoryException("Somebody saved a change in this moment. Try again.");
            }

            if (!await _ours.LeadsAsync(there, ours.Value))
            {
                throw new RepositoryException(
                    $"The branch {remote.Name} there and the configuration here have different histories. Name a new branch, such as osmoda: what is here is put there. Merge the two in a clone of yours, push the merged branch, and name that one here.");
            }
        }

        if (ours is not { } head || visit.Tip == head)
        {
            return ours is null ? "Both are empty: what is saved first makes the branch." : "Both have the same history.";
        }

        return await visit.PushAsync(head, visit.Tip) is { } refused
            ? throw new RepositoryException($"{remote.Host} does not take what is here: {refused} The key of your organisation needs write access there.")
            : "What is here was put there.";
    }, cancellationToken);

    private async Task FollowAsync(RemoteVisit visit, CommitId? ours)
    {
        if (visit.Tip == ours)
        {
            await tell(new RemoteHeard());
            return;
        }

        if (visit.Tip is null)
        {
            throw new ConnectionException(new ConnectionFault(ConnectionFaultKind.Refused, $"{remote.Host} answers, but the branch {remote.Name} is not there any more. Push it there again, or name another one."));
        }

        var theirs = await visit.FetchAsync();
        var rewritten = ours is { } known && !await _ours.LeadsAsync(known, theirs);
        if (rewritten)
        {
            await _ours.KeepAsync(ours!.Value, time.GetUtcNow());
        }

        if (!await _ours.MoveAsync(ours, theirs))
        {
            throw new RepositoryException("The branch of the configuration moved behind our back. Is another dashboard at work on this data folder?");
        }

        await tell(new RemoteHeard(From: ours, To: theirs, Rewritten: rewritten));
    }

    private async Task<T> VisitAsync<T>(Func<RemoteVisit, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return StoppedBy is { } standing ? throw new ConnectionException(standing) : await remote.VisitAsync(git, work, cancellationToken);
        }
        catch (ConnectionException away)
        {
            if (away.Fault.Kind == ConnectionFaultKind.HostKeyChanged)
            {
                StoppedBy = away.Fault;
            }

            await tell(new RemoteHeard(away.Fault));
            throw;
        }
    }
}
