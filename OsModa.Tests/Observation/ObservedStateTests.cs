using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using Xunit;

namespace OsModa.Tests.Observation;

public sealed class ObservedStateTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Fleet _fleet = new();
    private readonly ServerId _server = ServerId.New();
    private readonly List<int> _seen = [];
    private readonly ObservedState _state;

    public ObservedStateTests() => _state = new ObservedState(_fleet, _server) { GenerationsChanged = () => _seen.Add(_fleet[_server].Generations.Length) };

    [Fact]
    public void Whoever_is_told_of_other_generations_finds_them_however_long_a_snapshot_takes()
    {
        _state.Apply(new ServerEvent.Hello(At, Guid.NewGuid(), Wall: null, Mono: 0, MayAct: true));
        _state.Apply(new ServerEvent.GenerationsListed(At, [Generation(41), Generation(42)]));
        _state.Publish();
        Assert.Empty(_seen);

        _state.Apply(new ServerEvent.SnapshotEnded(At));
        _state.Publish();

        Assert.Equal([2], _seen);
    }

    [Fact]
    public void Nobody_is_told_while_they_stay_as_they_are()
    {
        _state.Post(new ServerEvent.GenerationsListed(At, [Generation(41)]));

        _state.Publish();
        _state.Begin(At);

        Assert.Equal([1], _seen);
    }

    private static Generation Generation(int number) => new() { Number = number, ActivatedAt = At, System = StorePath.Parse($"/nix/store/{new string('a', 32)}-nixos-system-web1-{number}") };
}
