namespace OsModa.Core.Observation;

/// <summary>Evidence that a change does not do a server good.</summary>
/// <param name="Noticed">When the server saw it: time since the operation began, by its monotonic clock.</param>
/// <param name="Since">When it happened, on the same scale, by systemd's own timestamp where there is one.</param>
/// <param name="Kind">Word: <c>crash</c>, <c>crash-loop</c>, <c>failed</c>, <c>vanished</c>, <c>start-job</c>, <c>check</c>, <c>activation</c>, <c>unconfirmed</c>, <c>short</c>, <c>stopped</c>.</param>
/// <param name="Unit">The unit, or the check; empty for none.</param>
/// <param name="Text">One sentence of the server.</param>
public sealed record SwitchTrouble(TimeSpan Noticed, TimeSpan Since, string Kind, string Unit, string Text);

/// <summary>What the server decided at the end of the probation, or in the middle of it.</summary>
/// <param name="At">When, since the operation began.</param>
/// <param name="Good">The change may stay.</param>
/// <param name="Unit">The unit that decided it; empty for none.</param>
/// <param name="Text">One sentence of the server; may be empty.</param>
public sealed record SwitchDecision(TimeSpan At, bool Good, string Unit, string Text);
