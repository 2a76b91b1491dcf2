using Microsoft.AspNetCore.Components;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Dashboard.Live;

namespace OsModa.Dashboard.Pages.OneServer;

public sealed partial class JournalView : IDisposable
{
    // More than are kept may wait, so that not each new one has to look for the one that goes.
    private const int MostWaiting = JournalLog.Most + 200;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    // Forgotten tabs would take the few places that a server has for readers; who only looks something up elsewhere misses nothing.
    private static readonly TimeSpan HiddenLimit = TimeSpan.FromSeconds(30);

    private static readonly (string Word, int Priority)[] Urgencies = [("everything", 7), ("no debugging", 6), ("warnings", 4), ("errors", 3)];


    private readonly Lock _lock = new();
    private List<JournalEntry> _waiting = [];
    private JournalLog _log = new();
    private ThrottledSignal? _signal;
    private CancellationTokenSource? _reading;
    private ITimer? _forgotten;
    private ConnectionFault? _fault;
    private (ServerId Server, UnitName Unit) _read;
    private int _priority = 7;
    private bool _paused;
    private bool _resting;

    [Inject] public required JournalTail Tail { get; set; }

    [Inject] public required PageVisibility Visibility { get; set; }

    [Parameter, EditorRequired] public ServerId Server { get; set; }

    [Parameter, EditorRequired] public UnitName Unit { get; set; }

    /// <summary>Entries of the past to begin with.</summary>
    [Parameter] public int Lines { get; set; } = 200;

    /// <summary>What the filter shows, and there is none of.</summary>
    private string None => _priority switch
    {
        3 => "an error",
        4 => "a warning or an error",
        _ => "anything but debugging",
    };

    public void Dispose()
    {
        Visibility.Changed -= Turned;
        _forgotten?.Dispose();
        End();
    }

    protected override void OnInitialized() => Visibility.Changed += Turned;

    protected override void OnParametersSet()
    {
        if (_read != (Server, Unit) && RendererInfo.IsInteractive)
        {
            _read = (Server, Unit);
            if (Visibility.Hidden)
            {
                Rest();
            }
            else
            {
                Begin();
            }
        }
    }

    private void Turned(object? sender, EventArgs args)
    {
        _forgotten?.Dispose();
        _forgotten = null;
        if (Visibility.Hidden)
        {
            _forgotten = Time.CreateTimer(_ => Beside(RestIfHiddenAsync), null, HiddenLimit, Timeout.InfiniteTimeSpan);
        }
        else if (_resting && !_paused)
        {
            Begin();
        }
        else
        {
            _signal?.Raise();
        }
    }

    private Task RestIfHiddenAsync()
    {
        // It may have come back while this waited for its turn.
        if (Visibility.Hidden && _forgotten is not null)
        {
            Rest();
        }

        return Task.CompletedTask;
    }

    private void Rest()
    {
        End();
        _resting = true;
    }

    private void Begin()
    {
        End();
        (_log, _waiting, _fault, _resting) = (new JournalLog(), [], null, false);
        var signal = _signal = Signal(Interval, Show);
        _reading = new CancellationTokenSource();
        var stop = _reading.Token;
        Beside(() => ReadAsync(signal, stop));
    }

    private void End()
    {
        _reading?.Cancel();
        _reading?.Dispose();
        _signal?.Dispose();
        (_reading, _signal) = (null, null);
    }

    private async Task ReadAsync(ThrottledSignal signal, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var entry in Tail.ReadAsync(Server, Unit, Lines, cancellationToken).ConfigureAwait(false))
            {
                lock (_lock)
                {
                    _waiting.Add(entry);
                    if (_waiting.Count > MostWaiting)
                    {
                        _waiting = JournalLog.Newest(_waiting);
                    }
                }

                signal.Raise();
            }

            await InvokeAsync(() => Stopped(new ConnectionFault(ConnectionFaultKind.Lost, "The server ended it.")));
        }
        catch (ConnectionException e)
        {
            await InvokeAsync(() => Stopped(e.Fault));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Nobody reads any more.
        }
    }

    private void Stopped(ConnectionFault fault)
    {
        _fault = fault;
        StateHasChanged();
    }

    private void Show()
    {
        // Nobody sees a hidden tab; what waits, at most as much as is kept, shows when it is back.
        if (Visibility.Hidden)
        {
            return;
        }

        if (!_paused)
        {
            Take();
        }

        StateHasChanged();
    }

    private void Take()
    {
        List<JournalEntry> come;
        lock (_lock)
        {
            (come, _waiting) = (JournalLog.Newest(_waiting), []);
        }

        _log.Add(come);
    }

    private void Pause()
    {
        _paused = !_paused;
        if (_resting && !_paused)
        {
            Begin();
        }
        else if (!_paused)
        {
            Take();
        }
    }
}
