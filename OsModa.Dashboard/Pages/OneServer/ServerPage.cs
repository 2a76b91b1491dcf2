using Microsoft.AspNetCore.Components;
using OsModa.Core.Accounts;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Dashboard.Identity;
using OsModa.Dashboard.Live;

namespace OsModa.Dashboard.Pages.OneServer;

/// <summary>A page about one server: finds it among those of the viewer's organisation, and follows its state.</summary>
public abstract class ServerPage : LiveComponent
{
    // Leading edge first, so that a single change waits for nothing; a storm of them costs at most 60 redraws a second.
    // A stop of a unit is several changes within milliseconds, and the last of them is what people wait for.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(16);

    // A server is heard every second, give or take a little.
    private static readonly TimeSpan HeardAgain = TimeSpan.FromSeconds(0.9);

    // Somebody waits for what comes: the first change shows at once, only what follows on its heels is taken together.
    private static readonly TimeSpan OperationInterval = TimeSpan.FromMilliseconds(500);

    private DateTimeOffset _heardShown;

    /// <summary>Of the server, from the address.</summary>
    [Parameter] public Guid Id { get; set; }

    [Inject] public required CurrentCaller Viewer { get; set; }

    [Inject] public required ServerBook Book { get; set; }

    [Inject] public required Fleet Fleet { get; set; }

    [Inject] public required NavigationManager Navigation { get; set; }

    protected Caller? Caller { get; private set; }

    /// <summary>Null until it is found.</summary>
    protected ServerCard? Server { get; private set; }

    protected ServerState State { get; private set; } = new() { Server = default };

    protected string Address => $"/servers/{Id}";

    protected override async Task OnParametersSetAsync()
    {
        if (Server?.Id.Value == Id)
        {
            return;
        }

        if (!await ReloadAsync())
        {
            Navigation.NotFound();
            return;
        }

        State = Fleet[Server!.Id];
        var id = Server.Id;
        Follow(Interval, changed => Fleet.Subscribe(server =>
        {
            if (server == id || Follows(server))
            {
                changed();
            }
        }));
        await FoundAsync(Server);
    }

    /// <summary>Reads <paramref name="read"/> again whenever an operation of this server has changed; for <see cref="FoundAsync"/>, before it reads.</summary>
    protected void FollowOperations(OperationRows rows, Func<Task> read)
    {
        var id = Server!.Id;
        FollowReadingToo(OperationInterval, read, raise => rows.Subscribe(server =>
        {
            if (server == id)
            {
                raise();
            }
        }));
    }

    /// <summary>Reads anew who looks and what people say of the server; false when there is none for them.</summary>
    protected async Task<bool> ReloadAsync()
    {
        Caller = await Viewer.ReadAsync();
        var servers = Caller is null ? [] : await Book.OfAsync(Caller);
        Server = servers.FirstOrDefault(server => server.Id.Value == Id);
        return Server is not null;
    }

    /// <summary>The server is known: read what else the page shows.</summary>
    protected virtual Task FoundAsync(ServerCard server) => Task.CompletedTask;

    /// <summary>The page shows another server too, which has changed. Asked on any thread.</summary>
    protected virtual bool Follows(ServerId server) => false;

    /// <summary>Between two states there is something that this page shows.</summary>
    protected virtual bool Matters(ServerState before, ServerState now) => true;

    /// <summary>
    /// For pages without a list of units: something else has changed, or what the units mean for the server, or it is a second since
    /// the page said when the server was heard. A switch changes hundreds of units, and drawing them all would slow it down.
    /// </summary>
    protected bool MoreThanUnits(ServerState before, ServerState now) =>
        BesideUnits(before, now)
        || before.Health != now.Health
        || before.Agents != now.Agents
        || now.Health is ServerHealth.Failed or ServerHealth.CrashLoop;

    /// <summary>Something else than units and figures has changed, or it is a second since the page said when the server was heard.</summary>
    protected bool BesideUnits(ServerState before, ServerState now) =>
        now.HeardAt - _heardShown >= HeardAgain
        || before with { Units = now.Units, Load = now.Load, HeardAt = now.HeardAt } != now;

    protected override bool Pull()
    {
        var (before, now) = (State, Fleet[State.Server]);
        State = now;
        if (ReferenceEquals(before, now) || !Matters(before, now))
        {
            return false;
        }

        _heardShown = now.HeardAt ?? DateTimeOffset.MinValue;
        return true;
    }
}
