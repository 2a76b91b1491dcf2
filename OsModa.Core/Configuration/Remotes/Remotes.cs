using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <summary>How it stands with the organisation's remote repository.</summary>
/// <param name="Remote">Which one it is.</param>
/// <param name="HeardAt">When it last answered; null: never yet.</param>
public sealed record RemoteState(ConfigurationRemote Remote, DateTimeOffset? HeardAt)
{
    /// <summary>Longer than this without an answer is too long, at one visit a minute.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(3);

    public bool IsStale(DateTimeOffset now) => Remote.Fault is not null || !(now - HeardAt <= Fresh);
}

/// <summary>The remote repositories of all organisations, and the way to each.</summary>
public sealed class Remotes
{
    private readonly Database _database;
    private readonly TimeProvider _time;
    private readonly RemoteHearing _hearing;
    private readonly Func<ConfigurationRemote, RemoteWay> _open;

    public Remotes(Database database, RemoteShells shells, RemoteNews news, LedgerWriter ledger, TimeProvider time, ILogger<Remotes> log)
        : this(database, remote => Through(shells, remote), news, ledger, time, log)
    {
    }

    /// <param name="database">Which there are.</param>
    /// <param name="open">Opens the way to one, for one visit.</param>
    /// <param name="news">Told after each visit.</param>
    /// <param name="ledger">Told of what others did there.</param>
    /// <param name="time">Clock.</param>
    /// <param name="log">What the database could not take.</param>
    internal Remotes(Database database, Func<ConfigurationRemote, RemoteWay> open, RemoteNews news, LedgerWriter ledger, TimeProvider time, ILogger<Remotes> log) =>
        (_database, _time, _open, _hearing) = (database, time, open, new RemoteHearing(database, news, ledger, time, log));

    /// <summary>Of the caller's organisation; null where its repository is here alone.</summary>
    public async Task<RemoteState?> FindAsync(Caller caller, CancellationToken cancellationToken)
    {
        var context = _database.OpenFor(caller);
        await using (context)
        {
            return await context.ConfigurationRemotes.AsNoTracking().SingleOrDefaultAsync(cancellationToken) is { } row ? new RemoteState(row, _hearing.LastOf(row)) : null;
        }
    }

    /// <summary>Who has one.</summary>
    internal async Task<IReadOnlyList<Guid>> ConnectedAsync(CancellationToken cancellationToken)
    {
        var context = _database.OpenForAll();
        await using (context)
        {
            return await context.ConfigurationRemotes.Select(remote => remote.OrganisationId).ToListAsync(cancellationToken);
        }
    }

    /// <summary>What keeps the organisation's repository a copy; null where it is here alone.</summary>
    /// <exception cref="RepositoryException">The entry makes no sense.</exception>
    internal async Task<RemoteCopy?> OfAsync(Guid organisation, GitProgram git)
    {
        var context = _database.OpenFor(organisation);
        await using (context)
        {
            try
            {
                return await context.ConfigurationRemotes.AsNoTracking().SingleOrDefaultAsync() is { } row ? Copy(row, git) : null;
            }
            catch (ConnectionException odd)
            {
                throw new RepositoryException(odd.Message, odd);
            }
        }
    }

    internal RemoteCopy Copy(ConfigurationRemote row, GitProgram git) => new(git, Branch(row), heard => _hearing.TakeAsync(row.OrganisationId, heard), _time)
    {
        StoppedBy = row.HostKeyAlarm is { } alarm ? RemoteFaults.HostKeyChanged(Route(row).Server, alarm.Shown) : null,
    };

    /// <summary>Before it is the organisation's: nothing of a visit is kept.</summary>
    internal RemoteCopy Trial(ConfigurationRemote row, GitProgram git) => new(git, Branch(row), static _ => Task.CompletedTask, _time);

    /// <summary>The first answer of one that was just connected.</summary>
    internal Task GreetAsync(Guid organisation) => _hearing.TakeAsync(organisation, new RemoteHeard());

    /// <summary>How ssh reaches the host; every word is checked again.</summary>
    /// <exception cref="ConnectionException">The entry makes no sense.</exception>
    internal static SshRoute Route(ConfigurationRemote row) =>
        new(row.OrganisationId, [new SshHop(row.HostId, AddressOf(row).Host, AddressOf(row).Port.Number, AddressOf(row).Login, [.. row.HostKeys.Select(pinned => HostKey.TryParse(pinned.Type, pinned.Key, out var key) ? key : null).OfType<HostKey>()])]);

    private static RemoteWay Through(RemoteShells shells, ConfigurationRemote row) => RemoteWay.Through(shells.Client, Route(row), AddressOf(row).Path);

    private RemoteBranch Branch(ConfigurationRemote row) => BranchName.TryParse(row.Branch, out var branch, out var error)
        ? new RemoteBranch(() => _open(row), AddressOf(row).Host.Text, branch)
        : throw SshRoutes.Broken($"The entry of the remote repository is broken. {error}");

    private static RemoteAddress AddressOf(ConfigurationRemote row) =>
        RemoteAddress.TryParse(row.Address, out var address, out var error) ? address : throw SshRoutes.Broken($"The entry of the remote repository is broken. {error}");
}
