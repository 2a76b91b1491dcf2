using OsModa.Demo.Systems;

namespace OsModa.Demo.Machines;

/// <summary>The folder of one operation in /var/lib/osmoda/operations.</summary>
internal sealed class OperationFiles(Guid id, Guid boot)
{
    private Guid _boot = boot;

    public Guid Id { get; } = id;

    public List<string> Journal { get; } = [];

    public List<string> Output { get; } = [];

    public bool HasEnded { get; private set; }

    /// <summary>It had not begun when somebody asked, and will not begin any more.</summary>
    public bool Never { get; init; }

    public void Ended() => HasEnded = true;

    /// <summary>A restart belonged to it, and it goes on in this boot.</summary>
    public void GoOn(Guid inBoot) => _boot = inBoot;

    /// <summary>Its unit is active: it neither ended nor was cut short by a restart.</summary>
    public bool IsRunning(DemoServer server) => !HasEnded && !Never && _boot == server.Clock.BootId;
}

/// <summary>Switches of a simulated server, one at a time: those that our scripts start, and those that people and timers start on the server.</summary>
internal sealed class Switches(DemoServer server)
{
    private readonly Dictionary<Guid, OperationFiles> _operations = [];
    private readonly Dictionary<Guid, SafeSwitchRun> _runs = [];
    private OperationFiles? _newest;
    private long _byHandUntil;

    public OperationFiles? Find(Guid id) => _operations.GetValueOrDefault(id);

    /// <summary>Description of the switch unit that runs; null when none does.</summary>
    public string? Holder => _newest?.IsRunning(server) == true ? $"osModa operation {_newest.Id:D}" : null;

    /// <summary>An operation that has not begun by now never shall.</summary>
    public OperationFiles Fence(Guid id) => _operations[id] = new OperationFiles(id, server.Clock.BootId) { Never = true };

    /// <summary>What start-switch.sh answers, fields separated by TAB.</summary>
    public string Start(SwitchOrder order, long at)
    {
        if (_operations.ContainsKey(order.Id))
        {
            return "joined";
        }

        if (_newest?.IsRunning(server) == true)
        {
            return $"busy\t{_newest.Id:D}\t";
        }

        if (server.Locked || _byHandUntil > at)
        {
            return "busy\t-\tnixos-rebuild switch";
        }

        if (server.Profile.Find(order.Target) is null)
        {
            return $"refused\tThe system of generation {order.Generation} is not on the server any more: its files were collected as garbage.";
        }

        if (server.Profile.Current.Path.Text != order.Expected)
        {
            return "refused\tThe server runs another system than the page showed: somebody switched it meanwhile.";
        }

        Run(order, at);
        return "started";
    }

    /// <summary>A standing watch goes back.</summary>
    public void StartByItself(SwitchOrder order, long at)
    {
        if (!_operations.ContainsKey(order.Id) && !IsBusy(at))
        {
            Run(order, at);
        }
    }

    /// <summary>What confirm.sh answers.</summary>
    public string Confirm(Guid id, long at) => _runs.TryGetValue(id, out var run) ? run.Confirm(at) : "unknown";

    /// <summary>What stop.sh answers.</summary>
    public string Stop(Guid id, long at) => _runs.TryGetValue(id, out var run) ? run.Stop(at) : "unknown";

    /// <summary>Somebody on the server runs <c>nixos-rebuild switch</c> with a new system. False: a switch is under way.</summary>
    public bool SwitchByHand(DemoSystem system, long at)
    {
        if (IsBusy(at))
        {
            return false;
        }

        server.Profile.Set(system, at);
        server.GenerationsChanged(at);
        Activate(system, at);
        return true;
    }

    private void Run(SwitchOrder order, long at)
    {
        _newest = new OperationFiles(order.Id, server.Clock.BootId);
        _operations.Add(order.Id, _newest);
        var run = _runs[order.Id] = new SafeSwitchRun(server, order, _newest);
        server.Later(at, run.Begin);
    }

    private bool IsBusy(long at) => server.Locked || _byHandUntil > at || _newest?.IsRunning(server) == true;

    private void Activate(DemoSystem system, long at)
    {
        _byHandUntil = at + 1_000_000;
        new SwitchProgram(server).Test(system, at + 40_000, static _ => { }, static (_, _) => { });
    }
}
