using OsModa.Core.Ssh;
using OsModa.Demo.Machines;

namespace OsModa.Demo.Shell;

/// <summary>Answers our scripts for one simulated server. Knows them by name; what it answers is in the formats that the scripts themselves write.</summary>
public sealed class DemoShell : IRemoteShell
{
    private readonly DemoServer _server;

    internal DemoShell(DemoServer server) => _server = server;

    public Task<IRemoteRun> StartAsync(RemoteScript script, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_server.Gate)
        {
            if (_server.Fault is { } fault)
            {
                throw new ConnectionException(fault);
            }
        }

        return Task.FromResult<IRemoteRun>(Answer(script.Name, arguments));
    }

    public Task<IRemoteRun> StartOnNewConnectionAsync(RemoteScript script, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        StartAsync(script, arguments, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private DemoRun Answer(string script, IReadOnlyList<string> arguments) => script switch
    {
        "observe.sh" => Observation(),
        "start-switch.sh" => StartSwitch(arguments),
        _ => DemoRun.Of([], 127),
    };

    private DemoRun Observation()
    {
        var run = new DemoRun();
        return run.From(_server.Tell(run.Lines));
    }

    private DemoRun StartSwitch(IReadOnlyList<string> arguments)
    {
        if (arguments is not [var id, "now" or "boot", var target, var generation, var expected, ..] || !Guid.TryParseExact(id, "D", out var operation) || !int.TryParse(generation, out var number))
        {
            return DemoRun.Of(["refused\tThe operation has no proper id, mode or generation."]);
        }

        lock (_server.Gate)
        {
            return DemoRun.Of([_server.Switches.Start(new SwitchOrder(operation, arguments[1] == "now", target, number, expected), _server.Agenda.Now)]);
        }
    }
}
