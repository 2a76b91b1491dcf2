using OsModa.Demo.Machines;
using OsModa.Demo.Time;

namespace OsModa.Demo.Shell;

/// <summary>An answer that goes on for as long as somebody reads it and the server can be reached.</summary>
/// <param name="server">Who answers.</param>
/// <param name="run">Where the answer goes.</param>
internal abstract class GrowingAnswer(DemoServer server, DemoRun run) : IAgendaItem, IDisposable
{
    private volatile bool _over;

    protected DemoServer Server => server;

    protected DemoRun Answer => run;

    public long Run(long at)
    {
        if (_over)
        {
            return Agenda.Never;
        }

        lock (server.Gate)
        {
            if (server.Fault is not null)
            {
                run.Lines.End(server.Lost());
                return Agenda.Never;
            }

            return Grow(at);
        }
    }

    public void Dispose() => _over = true;

    /// <summary>Tells what has come since, while the server stands still.</summary>
    /// <returns>When to go on, in µs; <see cref="Agenda.Never"/> at the end.</returns>
    protected abstract long Grow(long at);
}
