using OsModa.Core.Servers;

namespace OsModa.Demo.Life;

/// <summary>Something that a person of the simulated organisation would now do in the dashboard: roll a server back.</summary>
/// <param name="Generation">Where to.</param>
/// <param name="Reason">In their words.</param>
/// <param name="At">In the agenda's microseconds.</param>
public sealed record Wish(ServerId Server, int Generation, string Reason, long At);
