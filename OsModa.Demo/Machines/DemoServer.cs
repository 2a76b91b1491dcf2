using System.Collections.Immutable;
using OsModa.Core.Configuration;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Demo.Systems;
using OsModa.Demo.Time;
using OsModa.Demo.Wire;

namespace OsModa.Demo.Machines;

/// <summary>
/// One simulated server. It lives whether anybody looks or not; whoever runs observe.sh on it gets its frames.
/// Everything that happens to it is an entry of the agenda and takes <see cref="Gate"/>.
/// </summary>
internal sealed class DemoServer : IAgendaItem
{
    private const long Second = 1_000_000;

    private readonly ServerPlan _plan;
    private readonly Agenda _agenda;
    private readonly ServerFrames _frames;
    private readonly Listeners _listeners;
    private readonly JournalBook _journal;
    private long _beats;
    private long _entries;
    private double _exertion;
    private long _exertedAt;
    private long _storeBytes;

    public DemoServer(ServerPlan plan, Agenda agenda)
    {
        (_plan, _agenda) = (plan, agenda);
        _listeners = new Listeners(Gate);
        Clock = new ServerClock(agenda);
        _frames = new ServerFrames(Clock);
        _journal = new JournalBook(plan.Seed);
        Random = new Random((int)plan.Seed);
        Profile = new Profile(plan.History);
        Profile.Booted = plan.Booted ?? plan.History.LastOrDefault(g => g.SetAt <= plan.BootedAt)?.System ?? Profile.Booted;
        Profile.Current = plan.Current ?? Profile.Current;
        Services = new Systemd(this);
        Switches = new Switches(this);
        Checks = new Checks(this);
        Fault = plan.Fault;
        HostKey = DemoHostKey.Of(plan.Name, 0);
        Clock.Boot(NewBootId(), plan.BootedAt);
        Services.Boot(Profile.Current, plan.BootedAt, plan.History[^1].SetAt);
        MeasureStore();
        if (!plan.Chained.IsEmpty)
        {
            Chain = new AgentChain(this, plan.Chained, plan.Unchained);
            agenda.Add(agenda.Now + (8 * Second) + (plan.Seed % (12 * Second)), Chain);
        }

        // Servers beat at different moments of the second, as real ones do.
        agenda.Add(agenda.Now + (plan.Seed % Second), this);
    }

    public ServerId Id => _plan.Id;

    public string Name => _plan.Name;

    public bool MayAct => _plan.MayAct;

    public uint Seed => _plan.Seed;

    /// <summary>Somebody runs observe.sh on it.</summary>
    public bool IsHeard => _listeners.All.Count > 0;

    /// <summary>Held by whoever reads or changes the server.</summary>
    public Lock Gate { get; } = new();

    public Agenda Agenda => _agenda;

    public ServerClock Clock { get; }

    public Profile Profile { get; }

    public Systemd Services { get; }

    public Switches Switches { get; }

    /// <summary>Runs of checks, which evaluate and build a configuration.</summary>
    public Checks Checks { get; }

    /// <summary>The chain that osModa's agentd keeps there; null: it does not run there.</summary>
    public AgentChain? Chain { get; }

    /// <summary>What lies in /etc/nixos.</summary>
    public ImmutableSortedDictionary<string, byte[]> Files => EtcNixos.Files(Name, tried: _plan.Current is not null);

    /// <summary>What lay there before somebody tried something by hand, and the system of that.</summary>
    public (ImmutableSortedDictionary<string, byte[]> Files, DemoSystem System) Before => (EtcNixos.Files(Name, tried: false), _plan.Current is null ? Profile.Current : Profile.Linked.System);

    public Random Random { get; }

    /// <summary>A plan with other settings of the form, and with what goes wrong by them on this server.</summary>
    public SystemPlan With(SystemPlan plan, SettingsDocument form) => ServerPlan.With(plan, form, _plan.Trips);

    /// <summary>What it shows to whoever connects.</summary>
    public HostKey HostKey { get; private set; }

    /// <summary>Set: nobody gets a connection, and why.</summary>
    public ConnectionFault? Fault { get; private set; }

    /// <summary>Somebody holds the lock of switch-to-configuration.</summary>
    public bool Locked { get; private set; }

    /// <summary>What the newest operation wrote to its live stream; gone after a boot.</summary>
    public List<string> LiveStream { get; } = [];

    /// <summary>Called after each second, with the number of the beat; for what befalls servers of a load test.</summary>
    public Action<long, long>? EachBeat { get; set; }

    long IAgendaItem.Run(long at)
    {
        lock (Gate)
        {
            _beats++;
            foreach (var listener in _listeners.All)
            {
                _frames.Beat(listener.Frames, at);
                if (_beats % 2 == 0)
                {
                    _frames.Load(listener.Frames, Figures(at), at);
                }
            }

            EachBeat?.Invoke(at, _beats);
        }

        return at + Second;
    }

    /// <summary>Enters something that will happen to this server.</summary>
    public void At(long at, Action<long> happens) => _agenda.Add(at, then =>
    {
        lock (Gate)
        {
            happens(then);
        }
    });

    /// <summary>Starts telling: the snapshot at once, then all that happens.</summary>
    /// <param name="lines">Where frames go.</param>
    /// <param name="marked">Who listens knows a place in the journal from before.</param>
    /// <returns>Dispose it to stop listening.</returns>
    /// <exception cref="ConnectionException">Nobody reaches it.</exception>
    public IDisposable Tell(LineQueue lines, bool marked)
    {
        lock (Gate)
        {
            if (Fault is not null)
            {
                throw new ConnectionException(Fault);
            }

            var at = _agenda.Now;
            var frames = new FrameStream(lines);
            frames.Boot(Clock.BootId);
            _frames.Hello(frames, at, MayAct);
            if (!marked)
            {
                _frames.Mark(frames, _entries, at);
            }

            frames.BeginSet("snapshot"u8, Clock.Mono(at));
            _frames.Facts(frames, Name, Profile, _plan.Hardware.Cores);
            _frames.Pins(frames, Profile);
            _frames.Generations(frames, Profile, at);
            _frames.Lock(frames, Locked);
            if (Chain is not null)
            {
                _frames.Ledger(frames, Chain.Files);
            }

            _frames.Units(frames, Services, at);
            _frames.Load(frames, Figures(at), at);
            frames.EndSet("snapshot"u8);
            LiveStream.ForEach(line => OperationFrame(frames, line));
            return _listeners.Add(frames, lines);
        }
    }

    /// <summary>The newest lines of the journal about a unit, oldest first.</summary>
    public List<JournalEntry> ReadJournal(string unit, long since, long until, int most) => _journal.Read(Services.Find(unit)?.Template, unit, since, until, most);

    public LoadFigures Figures(long at) => _plan.Hardware.At(Seed, at, _storeBytes, _exertion * Math.Exp((_exertedAt - at) / 30e6));

    /// <summary>A burst of work: the load average rises and falls again within a minute.</summary>
    public void Exert(double load, long at)
    {
        _exertion = (_exertion * Math.Exp((_exertedAt - at) / 30e6)) + load;
        _exertedAt = at;
    }

    public void TakeLock(bool held)
    {
        Locked = held;
        _listeners.Tell(frames => _frames.Lock(frames, held));
    }

    /// <summary>Tells that current, booted or the profile's link are others now.</summary>
    public void PinsChanged() => _listeners.Tell(frames => _frames.Pins(frames, Profile));

    public void GenerationsChanged(long at)
    {
        MeasureStore();
        _listeners.Tell(frames =>
        {
            _frames.Pins(frames, Profile);
            _frames.Generations(frames, Profile, at);
        });
    }

    /// <summary>A line of the live stream of operations: <c>J</c> or <c>O</c>, id, text, parted by TABs.</summary>
    public void OperationLine(string line)
    {
        LiveStream.Add(line);
        _listeners.Tell(frames => OperationFrame(frames, line));
    }

    /// <summary>Cuts every connection and refuses new ones until <see cref="Plug"/>.</summary>
    public void Unplug(ConnectionFault fault)
    {
        Fault = fault;
        _listeners.CutOff(Lost());
    }

    public void Plug() => Fault = null;

    /// <summary>The same name, another installation behind it: it shows another host key from now on.</summary>
    public void ChangeHostKey()
    {
        HostKey = DemoHostKey.Of(Name, 1);
        _listeners.CutOff(Lost());
    }

    /// <summary>Goes down and comes back after a while, on the system that the profile names.</summary>
    /// <param name="at">When.</param>
    /// <param name="downFor">How long nothing answers.</param>
    /// <param name="up">Happens when it is up, before anybody is let in.</param>
    public void Reboot(long at, long downFor, Action<long>? up = null)
    {
        Unplug(new ConnectionFault(ConnectionFaultKind.Refused, $"{Name} restarts: it refuses connections until it is up again."));
        Locked = false;
        LiveStream.Clear();
        Checks.Lose(at);
        Clock.Boot(NewBootId(), at + downFor);
        At(at + downFor, then =>
        {
            Profile.Booted = Profile.Current = Profile.Linked.System;
            Services.Boot(Profile.Current, then, then);
            Exert(1.5, then);
            up?.Invoke(then);
            Plug();
        });
    }

    /// <summary>Lets something happen later, unless the server has restarted by then.</summary>
    public void Later(long at, Action<long> happens)
    {
        var boot = Clock.BootId;
        At(at, then =>
        {
            if (Clock.BootId == boot)
            {
                happens(then);
            }
        });
    }

    /// <param name="unit">As it is now.</param>
    /// <param name="at">When, in µs.</param>
    /// <param name="isNew">Nobody has heard of it yet.</param>
    public void UnitChanged(DemoUnit unit, long at, bool isNew)
    {
        foreach (var listener in _listeners.All)
        {
            _frames.Unit(listener.Frames, unit, at, whole: isNew);
        }
    }

    /// <summary>Tells that the files of its chain are others now.</summary>
    public void ChainTouched() => _listeners.Tell(frames => _frames.Ledger(frames, Chain!.Files));

    public void UnitGone(string name, long at) => _listeners.Tell(frames => _frames.Gone(frames, name));

    /// <summary>Writes to the server's journal; whoever observes hears of trouble and of switches.</summary>
    public void Say(JournalEntry entry)
    {
        _entries++;
        _journal.Add(entry);
        if (entry.Identifier == "nixos" || entry.MessageId is MessageIds.ProcessExited or MessageIds.Failed or MessageIds.RestartScheduled or MessageIds.StartFailed)
        {
            _listeners.Tell(frames => _frames.Words(frames, entry));
        }

        // What observe.sh asks journald for, as far as it happens here.
        if (entry.Identifier is "nixos" or "sshd" or "sudo" || entry.MessageId == MessageIds.Failed)
        {
            _listeners.Tell(frames => _frames.Event(frames, entry, _entries));
        }
    }

    private static void OperationFrame(FrameStream frames, string line)
    {
        frames.Begin("op"u8);
        foreach (var field in line.Split('\t'))
        {
            frames.Field(field, 3000);
        }

        frames.End();
    }

    /// <summary>How a run ends whose server went away.</summary>
    public ConnectionException Lost() => new(new ConnectionFault(ConnectionFaultKind.Lost, $"The connection to {Name} ended."));

    private void MeasureStore() => _storeBytes = Profile.StoreBytes();

    private Guid NewBootId()
    {
        Span<byte> bytes = stackalloc byte[16];
        Random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
