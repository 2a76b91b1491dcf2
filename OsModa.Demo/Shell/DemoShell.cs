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
        "probe.sh" => ProbeAnswer.To(_server),
        "closures.sh" => ClosureAnswer.To(_server, arguments),
        "preview.sh" => SwitchAnswers.Preview(_server, arguments),
        "start-switch.sh" => SwitchAnswers.Start(_server, arguments),
        "operation.sh" => SwitchAnswers.Read(_server, arguments),
        _ => DemoRun.Of([], 127),
    };

    private DemoRun Observation()
    {
        var run = new DemoRun();
        return run.From(_server.Tell(run.Lines));
    }
}
