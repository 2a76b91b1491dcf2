using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Demo.Machines;

namespace OsModa.Demo.Shell;

/// <summary>Answers our scripts for one simulated server, to whoever has accepted its host key. Knows them by name; what it answers is in the formats that the scripts themselves write.</summary>
public sealed class DemoShell : IRemoteShell
{
    private readonly DemoServer _server;

    private readonly IReadOnlyList<PinnedHostKey> _accepted;

    internal DemoShell(DemoServer server, IReadOnlyList<PinnedHostKey> accepted) => (_server, _accepted) = (server, accepted);

    public Task<IRemoteRun> StartAsync(RemoteScript script, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_server.Gate)
        {
            if ((_server.Fault ?? HostKeyFault()) is { } fault)
            {
                throw new ConnectionException(fault);
            }
        }

        return Task.FromResult<IRemoteRun>(Answer(script.Name, arguments));
    }

    public Task<IRemoteRun> StartOnNewConnectionAsync(RemoteScript script, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        StartAsync(script, arguments, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private ConnectionFault? HostKeyFault()
    {
        var shown = _server.HostKey.Fingerprint;
        if (_accepted.Any(key => key.Fingerprint == shown))
        {
            return null;
        }

        return _accepted.Count == 0
            ? new(ConnectionFaultKind.HostKeyUnknown, $"No host key of {_server.Name} has been accepted yet. Compare its fingerprint and accept it; nothing is sent to the server before.") { KeyOf = _server.Id }
            : new(
                ConnectionFaultKind.HostKeyChanged,
                $"The server {_server.Name} now shows the host key {shown}; accepted is {_accepted[0].Fingerprint}. It may have been installed anew, or somebody stands in between. Nothing is sent to it until a person decides.")
            {
                KeyOf = _server.Id,
                Offered = [shown],
            };
    }

    private DemoRun Answer(string script, IReadOnlyList<string> arguments) => script switch
    {
        "observe.sh" => Observation(marked: arguments.Count > 0),
        "journal.sh" => JournalAnswer.To(_server, arguments),
        "probe.sh" => ProbeAnswer.To(_server),
        "compare.sh" => CompareAnswer.To(_server, arguments),
        "closures.sh" => ClosureAnswer.To(_server, arguments),
        "preview.sh" => SwitchAnswers.Preview(_server, arguments),
        "start-switch.sh" => SwitchAnswers.Start(_server, arguments),
        "confirm.sh" => SwitchAnswers.Confirm(_server, arguments),
        "stop.sh" => SwitchAnswers.Stop(_server, arguments),
        "schema-source.sh" => OptionsAnswer.Source(),
        "options.sh" => OptionsAnswer.To(_server, arguments),
        "drill.sh" => SwitchAnswers.Drill(_server, arguments),
        "operation.sh" => SwitchAnswers.Read(_server, arguments),
        "chain.sh" => ChainAnswer.To(_server, arguments),
        "tool-calls.sh" => ToolCallsAnswer.To(_server, arguments),
        "adopt.sh" => AdoptAnswer.To(_server),
        "start-check.sh" => CheckAnswers.Start(_server, arguments),
        "follow-check.sh" => CheckAnswers.Follow(_server, arguments),
        "stop-check.sh" => CheckAnswers.Stop(_server, arguments),
        _ => DemoRun.Of([], 127),
    };

    private DemoRun Observation(bool marked)
    {
        var run = new DemoRun();
        return run.From(_server.Tell(run.Lines, marked));
    }
}
