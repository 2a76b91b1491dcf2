using OsModa.Core.Servers;

namespace OsModa.Demo.Life;

/// <summary>Something that a person of the simulated organisation would now do in the dashboard: roll a server back, or deploy to it.</summary>
/// <param name="Generation">Where to.</param>
/// <param name="Reason">In their words.</param>
/// <param name="At">In the agenda's microseconds.</param>
/// <param name="OnProbation">A deployment, not a rollback.</param>
public sealed record Wish(ServerId Server, int Generation, string Reason, long At, bool OnProbation = false);
