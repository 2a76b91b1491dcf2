using OsModa.Core.Observation;
using OsModa.Dashboard.Live;

namespace OsModa.Dashboard.Pages.Comparing;

/// <summary>A server that another one may be compared with.</summary>
public sealed record OtherServer(ServerCard Card, ServerState State)
{
    /// <summary>It is known what both run, and it is the same store path.</summary>
    public bool RunsTheSame(ServerState one) => State.Pins?.Current is { } system && system == one.Pins?.Current;

    /// <summary>What it runs, or ran when it was heard last, beside what the one runs.</summary>
    public string Words(ServerState one) => State.Pins?.Current is not null && State.Reach != Reach.Live ? $"{What(one)} when last heard" : What(one);

    private string What(ServerState one) =>
        State.Pins?.Current is null ? "not heard yet"
        : RunsTheSame(one) ? "the very same system"
        : State.Current is { Label: { Length: > 0 } label, Number: var number } ? $"generation {number}, NixOS {label}"
        : "another system";
}
