namespace OsModa.Core.Ledger.Storing;

/// <summary>What waits for the writer: records, something else to do, or both together.</summary>
internal sealed record LedgerJob(Guid Tenant, ReadyEntry[] Entries, Action<LedgerGroup>? Work)
{
    public TaskCompletionSource<long[]> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Complete(JobOutcome outcome)
    {
        if (outcome.Refused is { } refused)
        {
            Done.TrySetException(refused);
        }
        else
        {
            Done.TrySetResult(outcome.Numbers);
        }
    }
}
