using System.Text;
using OsModa.Core.Observation.Wire;
using OsModa.Core.Ssh;

namespace OsModa.Core.Configuration;

/// <summary>One branch of a remote repository, as git reaches it.</summary>
/// <param name="open">Opens the way for one visit.</param>
/// <param name="host">How sentences call it.</param>
/// <param name="name">Of the branch.</param>
internal sealed class RemoteBranch(Func<RemoteWay> open, string host, BranchName name)
{
    public string Host => host;

    public BranchName Name => name;

    /// <summary>Looks where the branch stands, and does more on the same way.</summary>
    /// <exception cref="ConnectionException">There is no way in, or no such repository.</exception>
    public async Task<T> VisitAsync<T>(GitProgram git, Func<RemoteVisit, Task<T>> work, CancellationToken cancellationToken)
    {
        using var way = open();
        var visit = new RemoteVisit(this, git, way, cancellationToken);
        await visit.EnterAsync();
        return await work(visit);
    }
}

/// <summary>While somebody is there. What the host says is taken for one line of text and nothing else.</summary>
internal sealed class RemoteVisit(RemoteBranch branch, GitProgram git, RemoteWay way, CancellationToken cancellationToken)
{
    /// <summary>What was fetched last, kept from being dropped.</summary>
    private const string Arrived = "refs/osmoda/arrived";

    private static readonly string[] Marks = ["remote: ", "ERROR: ", "fatal: ", "error: "];

    /// <summary>Where the branch stands there; null where there is none.</summary>
    public CommitId? Tip { get; private set; }

    public async Task EnterAsync() => Tip = TipOf(await way.EnterAsync(LookAsync, cancellationToken));

    /// <summary>Looks once more.</summary>
    /// <exception cref="ConnectionException">The connection is gone.</exception>
    public async Task AgainAsync() => Tip = TipOf(way.Judge(await LookAsync(cancellationToken)));

    /// <summary>Brings what the branch has here; it may have moved on meanwhile.</summary>
    /// <exception cref="ConnectionException">It could not be brought.</exception>
    public async Task<CommitId> FetchAsync()
    {
        var whole = false;
        try
        {
            var run = way.Judge(await git.ThereAsync(way, ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", "--no-recurse-submodules", RemoteWay.Name, $"+{branch.Name.Reference}:{Arrived}"], cancellationToken));
            whole = run.Status == 0 ? true : throw Broken($"What the branch {branch.Name} has at {branch.Host} cannot be taken over: {Complaint(run)}");
        }
        finally
        {
            if (!whole)
            {
                LeftBehind.ClearFetch(git.Folder, Arrived);
            }
        }

        var arrived = await git.TryAsync(["rev-parse", "-q", "--verify", $"{Arrived}^{{commit}}"]);
        return arrived.Status == 0 && CommitId.TryParse(Encoding.ASCII.GetString(arrived.Output).Trim(), out var tip)
            ? (Tip = tip).Value
            : throw Broken($"The branch {branch.Name} at {branch.Host} leads to no commit.");
    }

    /// <summary>Moves the branch there, if it is where we think it is.</summary>
    /// <param name="commit">Where to; it has <paramref name="expected"/> among its ancestors.</param>
    /// <param name="expected">Where from; null where there is to be none yet.</param>
    /// <returns>Null when it moved; else what git says, and whether it moved all the same is to be looked at.</returns>
    public async Task<string?> PushAsync(CommitId commit, CommitId? expected)
    {
        var reference = branch.Name.Reference;
        var run = await git.ThereAsync(way, ["push", "--quiet", "--no-verify", "--recurse-submodules=no", $"--force-with-lease={reference}:{expected?.Text}", RemoteWay.Name, $"{commit}:{reference}"], cancellationToken);
        return run.Status == 0 ? null : Complaint(run);
    }

    private Task<GitRun> LookAsync(CancellationToken inTime) => git.ThereAsync(way, ["ls-remote", RemoteWay.Name, branch.Name.Reference], inTime);

    private CommitId? TipOf(GitRun run)
    {
        if (run.Status != 0)
        {
            throw Broken($"{branch.Host} lets us in and does not give us the repository: {Complaint(run)} Check the path, and that the key may read and write there.");
        }

        // A name may end in ours and be another one.
        var line = Encoding.UTF8.GetString(run.Output).Split('\n').Select(static line => line.Split('\t')).FirstOrDefault(line => line is [_, var name] && name == branch.Name.Reference);
        return line is null ? null : CommitId.TryParse(line[0], out var tip) ? tip : throw Broken($"{branch.Host} names no proper commit for the branch {branch.Name}.");
    }

    private static string Complaint(GitRun run)
    {
        var lines = run.Errors.Split('\n').Select(static line => line.Trim()).Where(static line => !line.StartsWith("fatal: Could not read from remote", StringComparison.Ordinal)).ToList();
        var telling = Marks.SelectMany(mark => lines.Where(line => line.StartsWith(mark, StringComparison.Ordinal)).Select(line => line[mark.Length..])).FirstOrDefault(static line => line.Any(char.IsAsciiLetter));
        return SshFaults.Harmless(ServerText.Harmless(telling ?? run.Errors, 400));
    }

    private static ConnectionException Broken(string sentence) => new(new ConnectionFault(ConnectionFaultKind.Misbehaving, sentence));
}
