using Xunit;

namespace OsModa.Tests.Ledger.Witnessing;

/// <summary>A ledger and an authority that puts times under it.</summary>
public abstract class StampingTests : IAsyncLifetime
{
    private protected StampedLedger Stamped { get; private set; } = null!;

    private protected TestLedger Ledger => Stamped.Ledger;

    private protected TestAuthority Authority => Stamped.Authority;

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Stamped = await StampedLedger.StartAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Stamped.DisposeAsync();
    }
}
