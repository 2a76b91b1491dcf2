using Microsoft.Extensions.Logging;
using OsModa.Core.Ledger.Servers;
using OsModa.Core.Observation.Wire;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;

namespace OsModa.Core.Observation;

/// <summary>What all observers of a process share.</summary>
/// <param name="Fleet">Where states go.</param>
/// <param name="Shells">Shells of servers.</param>
/// <param name="Release">Closes the connections to a server, so that the next shell makes new ones: <see cref="RemoteShells.ReleaseAsync"/>.</param>
/// <param name="Connecting">Places for connections being made; a place is given back when the connection stands, has failed, or takes long.</param>
/// <param name="Time">Clock.</param>
/// <param name="Log">Log.</param>
public sealed record ObserverTools(Fleet Fleet, ShellOf Shells, Func<ServerId, ValueTask> Release, SemaphoreSlim Connecting, TimeProvider Time, ILogger Log);

/// <summary>
/// Watches one server for as long as it runs: connects, runs observe.sh, turns its lines into the server's state, and begins again when
/// that ends. A server that says nothing for five seconds is lost, whatever TCP believes.
/// </summary>
public sealed class Observer
{
    /// <summary>Silence after which a server counts as lost; it speaks every second.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan PlaceTime = TimeSpan.FromSeconds(2);

    private readonly ServerId _server;
    private readonly ObserverTools _tools;
    private readonly Backoff _backoff;
    private readonly Nudge _wake = new();
    private readonly Nudge _rightsAsked = new();
    private readonly ObservedState _state;
    private DateTimeOffset _tornAt = DateTimeOffset.MinValue;

    public Observer(ServerId server, ObserverTools tools)
    {
        (_server, _tools) = (server, tools);
        _backoff = new Backoff(tools.Time, Random.Shared);
        _state = new ObservedState(tools.Fleet, server);
    }

    /// <summary>Called when the generations of the server have changed, on the observer's own path: it must only set a mark and return.</summary>
    public Action? GenerationsChanged
    {
        get => _state.GenerationsChanged;
        init => _state.GenerationsChanged = value;
    }

    /// <summary>Where what the server writes down itself goes; null: nowhere.</summary>
    public ServerRecording? Recording { get; init; }

    /// <summary>Takes in something that did not come with the stream.</summary>
    public void Post(ServerEvent happened) => _state.Post(happened);

    /// <summary>A person asks, or something has changed here: tries again at once, and where we may only look, whether that is still so.</summary>
    public void Retry()
    {
        _backoff.Reset();
        _wake.Give();
        _rightsAsked.Give();
    }

    /// <summary>Watches until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            ConnectionFault? fault;
            try
            {
                fault = await WatchAsync(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (ConnectionException failed)
            {
                fault = failed.Fault;
            }
            catch (Exception mistake) when (mistake is not OutOfMemoryException)
            {
                // One server must never end the watching of others, nor its own.
                _tools.Log.LogError(mistake, "Watching {Server} failed by a mistake of the dashboard; it is tried again", _server);
                fault = new ConnectionFault(ConnectionFaultKind.Ours, "Watching this server failed by a mistake of the dashboard; it tries again. The log says more.");
            }

            if (fault is not null)
            {
                _state.Lost(fault, _tools.Time.GetUtcNow());
                await PauseAsync(fault, stop);
            }
        }
    }

    private async Task PauseAsync(ConnectionFault fault, CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var wake = _wake.WaitAsync(either.Token);
        var pause = fault.Passes ? _backoff.WaitAsync(either.Token) : Task.Delay(Timeout.InfiniteTimeSpan, _tools.Time, either.Token);
        await Task.WhenAny(wake, pause);
        await either.CancelAsync();
        await Task.WhenAll(wake, pause).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // Null: begin anew at once.
    private async Task<ConnectionFault?> WatchAsync(CancellationToken stop)
    {
        _state.Begin(_tools.Time.GetUtcNow());
        var starting = StartAsync(ConnectAsync, stop);
        if (_state.IsLive && await Task.WhenAny(starting, Task.Delay(Silence, _tools.Time, stop)) != starting)
        {
            _state.Lost(NoAnswer(Silence), _tools.Time.GetUtcNow());
        }

        await using var run = await starting;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var watch = new SilenceWatch(_tools.Time, over.Token);
        var rights = RightsAsync(over);
        var reading = new StreamReading(new ProtocolParser(_tools.Time), new Allowance(_tools.Time), _state, Recording);
        try
        {
            var end = await reading.ReadAsync(run, watch, WholeState, stop);
            return end switch
            {
                StreamEnd.Torn => Torn(),
                StreamEnd.Flood => new ConnectionFault(ConnectionFaultKind.Misbehaving, "The server sends more than can be followed; the dashboard has stopped reading and tries again later."),
                StreamEnd.Nonsense => new ConnectionFault(ConnectionFaultKind.Misbehaving, "The server sends lines that the dashboard does not understand; it tries again later."),
                _ => Ended(reading, await run.ExitStatus.WaitAsync(stop)),
            };
        }
        catch (OperationCanceledException) when (watch.IsSilent && !stop.IsCancellationRequested)
        {
            // The connection is dead although TCP does not know yet: what is to come next must not wait for it.
            await _tools.Release(_server);
            return NoAnswer(watch.Patience);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            // The connection that stands was let in without the rights.
            _tools.Log.LogInformation("We may act on {Server} by now; its connections are made anew", _server);
            await _tools.Release(_server);
            return null;
        }
        finally
        {
            await over.CancelAsync();
            await rights.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RightsAsync(CancellationTokenSource over)
    {
        await new RightsWatch(_server, _tools.Fleet, _rightsAsked, _tools.Time, _tools.Log).CameAsync(stop => StartAsync(ProbeAsync, stop), over.Token);
        await over.CancelAsync();
    }

    private async Task<IRemoteRun> StartAsync(Func<CancellationToken, Task<IRemoteRun>> connect, CancellationToken stop)
    {
        await _tools.Connecting.WaitAsync(stop);
        var started = connect(stop);
        try
        {
            // A connection that is being made costs us work for a moment; one that hangs costs nothing, and must not keep others waiting.
            await Task.WhenAny(started, Task.Delay(PlaceTime, _tools.Time, stop));
        }
        finally
        {
            _tools.Connecting.Release();
        }

        return await started;
    }

    private async Task<IRemoteRun> ConnectAsync(CancellationToken stop)
    {
        var shell = await _tools.Shells(_server, stop);
        return await shell.StartAsync(ObserveScript.Whole, Recording?.Begin() is { } since ? [since.Text] : [], stop);
    }

    private async Task<IRemoteRun> ProbeAsync(CancellationToken stop)
    {
        var shell = await _tools.Shells(_server, stop);
        return await shell.StartOnNewConnectionAsync(RemoteScript.Embedded("probe.sh"), [], stop);
    }

    private void WholeState() => _backoff.Connected();

    // A torn stream is healed by a new one, over the connection that stands. Twice in half a minute is a server that cannot be followed.
    private ConnectionFault? Torn()
    {
        var now = _tools.Time.GetUtcNow();
        var again = now - _tornAt < TimeSpan.FromSeconds(30);
        _tornAt = now;
        return again ? new ConnectionFault(ConnectionFaultKind.Lost, "Parts of what the server told were lost twice within half a minute; the dashboard tries again.") : null;
    }

    private static ConnectionFault NoAnswer(TimeSpan patience) =>
        new(ConnectionFaultKind.Lost, $"The server does not answer: nothing was heard for {patience.TotalSeconds:0} seconds. Its last known state is shown.");

    private static ConnectionFault Ended(StreamReading reading, int status) => reading.Missing switch
    {
        "no-systemd" => new ConnectionFault(ConnectionFaultKind.NotNixos, "The server does not run systemd, so it is not NixOS as the dashboard knows it."),
        _ => new ConnectionFault(ConnectionFaultKind.Lost, $"The script that watches the server has ended there (status {status}); it is started again."),
    };
}
