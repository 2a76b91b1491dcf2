using System.Globalization;
using System.Text;

namespace OsModa.Core.Configuration;

/// <summary>The one branch of our repository: what the configuration is. It moves only from where somebody thinks it is.</summary>
internal sealed class LocalBranch(GitProgram git)
{
    public const string Name = "refs/heads/main";

    /// <summary>What git calls an object that is not there.</summary>
    public static readonly string Nothing = new('0', 40);

    /// <summary>The newest commit; null before the first.</summary>
    public async Task<CommitId?> HeadAsync()
    {
        var run = await git.TryAsync(["rev-parse", "-q", "--verify", $"{Name}^{{commit}}"]);
        return run.Status == 0 && CommitId.TryParse(Encoding.ASCII.GetString(run.Output).Trim(), out var head) ? head : null;
    }

    /// <summary>The commit is the newest, or led to it; false when we have no such commit.</summary>
    public async Task<bool> HasAsync(CommitId commit) => (await git.TryAsync(["merge-base", "--is-ancestor", commit.Text, Name])).Status == 0;

    /// <summary>One commit is another, or led to it. We have both.</summary>
    /// <exception cref="RepositoryException">Git cannot tell.</exception>
    public async Task<bool> LeadsAsync(CommitId from, CommitId to)
    {
        var run = await git.TryAsync(["merge-base", "--is-ancestor", from.Text, to.Text]);
        return run.Status is 0 or 1 ? run.Status == 0 : throw new RepositoryException($"git cannot compare two histories of the configuration: {run.Errors.Trim()}");
    }

    /// <summary>Git moves the branch only from where we think it is: of two who move it at once one comes first, and the other is told.</summary>
    /// <param name="from">Null before the first commit.</param>
    /// <param name="to">A commit that we have.</param>
    /// <returns>False when the branch is elsewhere, and nothing was done.</returns>
    /// <exception cref="RepositoryException">Git failed; nothing was done.</exception>
    public async Task<bool> MoveAsync(CommitId? from, CommitId to)
    {
        var moved = await git.TryAsync(["update-ref", Name, to.Text, from?.Text ?? Nothing]);
        return moved.Status == 0 ? true
            : await HeadAsync() != from ? false
            : throw new RepositoryException($"git could not move the branch of the configuration: {moved.Errors.Trim()}");
    }

    /// <summary>Keeps a commit that the history does not lead to any more, under <c>refs/kept/</c> and the time.</summary>
    /// <exception cref="RepositoryException">Git failed.</exception>
    public Task KeepAsync(CommitId commit, DateTimeOffset at) =>
        git.RunAsync(["update-ref", $"refs/kept/{at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture)}-{commit.Short}", commit.Text]);
}
