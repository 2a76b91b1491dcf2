using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Observation.Wire;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;

namespace OsModa.Tests.Observation;

/// <summary>One server, of which is known what its lines tell.</summary>
public abstract class ServerStateRoom
{
    protected ServerStateRoom() => Parser = new ProtocolParser(Clock);

    protected static StorePath SystemA { get; } = StorePath.Parse("/nix/store/0123456789abcdfghijklmnpqrsvwxyz-nixos-system-web1-a");

    protected static StorePath SystemB { get; } = StorePath.Parse("/nix/store/1123456789abcdfghijklmnpqrsvwxyz-nixos-system-web1-b");

    protected HandClock Clock { get; } = new();

    protected ProtocolParser Parser { get; }

    /// <summary>What is known of the server by now.</summary>
    protected ServerState State { get; set; } = new() { Server = ServerId.New() };

    private protected FrameLines Line { get; } = new();

    protected void Lose() => State = State.Apply(new ServerEvent.ConnectionLost(Clock.GetUtcNow(), new ConnectionFault(ConnectionFaultKind.Lost, "It does not answer.")));

    protected UnitState Unit(string name) => State.Units[UnitName.Parse($"{name}.service")];

    protected void Say(byte[] line) => State = Parser.Read(line) is { } told ? State.Apply(told) : State;

    protected void Snapshot(params (string Name, string Activity)[] units)
    {
        if (!Parser.Begun)
        {
            Say(Line.Hello());
        }

        Units(1_000, units);
        State = State.Apply(new ServerEvent.SnapshotEnded(Clock.GetUtcNow()));
    }

    protected void Units(long mono, params (string Name, string Activity)[] units)
    {
        Say(Line["begin", "units", mono.ToString()]);
        foreach (var (name, activity) in units)
        {
            Say(Line["unit", name, $"ActiveState={activity}", "LoadState=loaded"]);
        }

        Say(Line["end", "units", units.Length.ToString()]);
    }

    protected void Pins(StorePath current, StorePath next, int number) => Say(Line["pins", current.Text, SystemA.Text, next.Text, number.ToString(), "0"]);

    protected void Operation(string id, string line) => Say(Line.Passed('o', "op", $"J\t{id}\t{line}"));

    protected void Generations(params int[] numbers)
    {
        Say(Line["begin", "generations", "1"]);
        foreach (var number in numbers)
        {
            Say(Line["generation", number.ToString(), number == 1 ? SystemA.Text : SystemB.Text, "1763766601000000", "24.05", "6.6.1", "", "debug"]);
        }

        Say(Line["end", "generations", numbers.Length.ToString()]);
    }
}
