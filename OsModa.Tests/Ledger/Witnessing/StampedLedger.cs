using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Witnessing;

namespace OsModa.Tests.Ledger.Witnessing;

/// <summary>A ledger with an authority that puts times under it.</summary>
internal sealed class StampedLedger : IAsyncDisposable
{
    private readonly HttpClient _http = TimestampAuthority.NewClient();

    public StampedLedger()
    {
        Authority = new TestAuthority(Ledger.Clock);
        Settings = TimestampSettings.None;
        Client = null!;
    }

    public TestLedger Ledger { get; } = new();

    public TestAuthority Authority { get; }

    public TimestampSettings Settings { get; private set; }

    public TimestampClient Client { get; private set; }

    /// <summary>As a page sees it, just opened.</summary>
    public TimestampState? State => new TimestampStanding(Ledger.Store, Client, Settings).Of(TestLedger.Ours);

    /// <summary>With a few entries that are signed and not stamped.</summary>
    public static async Task<StampedLedger> StartAsync(int entries = 3)
    {
        var stamped = new StampedLedger();
        stamped.Use(new TimestampSettings(await stamped.Authority.StartAsync(), "The authority", stamped.Authority.Roots, TimeSpan.FromDays(1)));
        await stamped.GrowAsync(entries);
        return stamped;
    }

    public void Use(TimestampSettings settings)
    {
        Settings = settings;
        Client = new TimestampClient(Ledger.Store, settings, _http, Ledger.Clock, NullLogger<TimestampClient>.Instance);
    }

    public async Task GrowAsync(int entries)
    {
        await Ledger.ActAsync(entries);
        await Ledger.SignAsync();
    }

    /// <summary>The newest signed state, which nobody has to have been asked about before; then the entry that says so is signed too.</summary>
    public async Task StampAsync()
    {
        Xunit.Assert.Null(await Client.StampAsync(TestLedger.Ours, default));
        await Ledger.SignAsync();
    }

    /// <summary>The head that was stamped, and what its authority signed.</summary>
    public (SignedNote Note, byte[] Token) Kept()
    {
        using var reader = Ledger.Store.Open(TestLedger.Ours)!;
        var kept = reader.NewestTimestamp()!;
        Xunit.Assert.True(SignedNote.TryParse(System.Text.Encoding.UTF8.GetBytes(kept.Note), out var note));
        return (note, kept.Token);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Ledger.DisposeAsync();
        await Authority.DisposeAsync();
    }
}
