using System.Globalization;
using System.Text.Json;
using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Bundles;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Records;
using Xunit;

namespace OsModa.Tests.Ledger;

/// <summary>What memory.js makes of the heads that it is shown one after the other; run by node, without the cryptography of a browser, which pages have over HTTPS only.</summary>
public sealed class BrowserMemoryTests : IAsyncDisposable
{
    private const string Driver =
        """
        const { folder, heads, proofs } = JSON.parse(process.env.GIVEN);
        delete globalThis.crypto;
        globalThis.localStorage = {};
        for (const [name, call] of Object.entries({ getItem(name) { return this[name] ?? null; }, setItem(name, text) { this[name] = text; } })) Object.defineProperty(localStorage, name, { value: call });
        globalThis.MutationObserver = class { observe() { } };
        globalThis.document = { querySelectorAll: () => [] };
        globalThis.fetch = async path => proofs[path] ? { ok: true, json: async () => ({ hashes: proofs[path] }) } : { ok: false, status: 404 };
        const { look } = await import(`file://${folder}/memory.js`);
        for (const head of heads) {
          const { text, tone } = await look(head);
          console.log(JSON.stringify({ text, tone }));
        }
        """;

    private readonly TestLedger _ledger = new();
    private readonly Dictionary<string, string[]> _proofs = [];

    [Fact]
    public async Task A_ledger_that_has_grown_is_unchanged_and_one_that_was_rewritten_is_not()
    {
        var (five, nine) = (await GrownAsync(5), await GrownAsync(4));
        Prove(5, 9);

        Assert.Equal(["quiet", "good", "good"], Tones(five, nine, nine));
        Assert.Equal(["quiet", "alarm"], Tones(nine, Forked(9)));
        Assert.Equal(["quiet", "alarm"], Tones(five, Forked(9)));
        Assert.Equal(["quiet", "warning"], Tones(five, Forked(100)));
    }

    [Fact]
    public async Task An_older_state_that_what_was_seen_continues_is_no_alarm_and_is_not_kept()
    {
        var (five, nine) = (await GrownAsync(5), await GrownAsync(4));
        Prove(5, 9);

        var said = Show(nine, five, nine);

        Assert.Equal(["quiet", "quiet", "good"], said.Select(static one => one.Tone));
        Assert.Contains("as it was at 5 entries; this browser has seen 9", said[1].Text, StringComparison.Ordinal);
        Assert.Equal(["quiet", "alarm"], Tones(nine, Forked(5)));
    }

    [Fact]
    public async Task Another_name_of_the_log_is_said_aloud_and_said_again_later()
    {
        var five = await GrownAsync(5);
        await _ledger.Store.BeginEpochAsync(TestLedger.Ours, new ActionBody { Verb = "", Who = "Ann", Why = "moved" }, _ledger.Clock.GetUtcNow());
        var next = await GrownAsync(3);

        var said = Show(five, next, next, five);

        Assert.Equal(["quiet", "warning", "good", "good"], said.Select(static one => one.Tone));
        Assert.Contains($"it was {five.Origin}, with 5 entries, and is {next.Origin} now", said[1].Text, StringComparison.Ordinal);
        Assert.Contains($"it was {five.Origin}, with 5 entries.", said[2].Text, StringComparison.Ordinal);
        Assert.Equal(["quiet", "quiet"], Tones(next, five));     // an ended epoch that was not looked at before
        Assert.Equal(["quiet", "quiet"], Tones(five, next with { Organisation = "another" }));
    }

    [Fact]
    public async Task A_note_that_says_something_else_or_is_not_signed_with_the_known_key_is_an_alarm_and_is_not_kept()
    {
        var (five, nine) = (await GrownAsync(5), await GrownAsync(4));
        Prove(5, 9);
        using var other = SignerKey.Generate(five.Origin);
        var forged = nine with { Note = SignedNote.Sign(new Checkpoint(nine.Origin, 9, TreeHash.From(Convert.FromBase64String(nine.Root))).ToString(), other).ToString(), Key = other.Verifier.ToString() };

        Assert.Equal(["quiet", "alarm", "good"], Tones(five, nine with { Note = five.Note }, nine));
        Assert.Equal(["quiet", "alarm", "good"], Tones(five, forged, nine));
        Assert.Equal(["alarm", "quiet"], Tones(forged with { Key = nine.Key }, nine));
    }

    [Fact]
    public async Task Another_key_is_believed_when_both_keys_signed_the_change_and_not_otherwise()
    {
        var five = await GrownAsync(5);
        await new RotateLedgerKey(_ledger.Store, _ledger.Clock).RunAsync(TestLedger.Ours, new ActionBody { Verb = "" });
        var later = await GrownAsync(3);
        Prove(5, later.Size);

        Assert.NotEqual(five.Key, later.Key);
        Assert.Equal(["quiet", "good", "good"], Tones(five, later, later));
        Assert.Equal(["quiet", "alarm"], Tones(five, later with { Changes = [] }));
    }

    [Fact]
    public async Task A_change_of_the_key_that_cannot_be_believed_is_an_alarm_and_not_passed_over()
    {
        var five = await GrownAsync(5);
        await new RotateLedgerKey(_ledger.Store, _ledger.Clock).RunAsync(TestLedger.Ours, new ActionBody { Verb = "" });
        var eight = await GrownAsync(2);
        await new RotateLedgerKey(_ledger.Store, _ledger.Clock).RunAsync(TestLedger.Ours, new ActionBody { Verb = "" });
        var later = await GrownAsync(2);
        Prove(5, eight.Size);
        Prove(5, later.Size);
        Prove(eight.Size, later.Size);
        Assert.Equal(["quiet", "good", "good"], Tones(five, eight, later));

        var (first, second) = (later.Changes[0], later.Changes[1]);
        var wronglySigned = first[..^3] + (first[^3] == 'A' ? 'Q' : 'A') + first[^2..];

        Assert.Equal(["quiet", "alarm"], Tones(five, eight with { Changes = [wronglySigned] }));
        Assert.Equal(["quiet", "alarm"], Tones(five, eight with { Changes = [first, "anything"] }));
        Assert.Equal(["quiet", "alarm"], Tones(eight, later with { Changes = [first, first, second] }));
        Assert.Contains("The history of its keys is broken", Show(five, later with { Changes = [first, first, second] })[1].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\u0001")]
    [InlineData("\r")]
    [InlineData("\t")]
    public async Task A_note_with_a_control_character_is_none(string control)
    {
        var five = await GrownAsync(5);
        using var key = _ledger.Store.Keys.LoadOrMake(_ledger.Store.Newest(TestLedger.Ours)!);
        var text = $"{five.Origin}\n5\n{five.Root}\n{control}\n";

        Assert.Equal(["alarm"], Tones(five with { Note = SignedNote.Sign(text, key).ToString() }));
    }

    [Fact]
    public async Task A_proof_that_is_none_is_a_refusal()
    {
        var (five, nine) = (await GrownAsync(5), await GrownAsync(4));
        _proofs.Add("/api/v1/ledger/consistency?from=5&to=9&epoch=1", ["AAAA", "?"]);

        Assert.Equal(["quiet", "warning"], Tones(five, nine));
    }

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    private async Task<Head> GrownAsync(int more)
    {
        await _ledger.ActAsync(more);
        await _ledger.SignAsync();
        var state = _ledger.Queries.State(TestLedger.Ours)!;
        Assert.True(Checkpoint.TryParse(state.Newest!.Text, out var head));
        return new Head(TestLedger.Ours.ToString("N"), head.Origin, state.Epoch, head.Size, head.Root.ToBase64(), state.Newest.ToString(), state.Key!.ToString(), [.. state.KeyChanges.Select(static change => change.ToString())]);
    }

    // Signed with the right key.
    private Head Forked(long size)
    {
        using var key = _ledger.Store.Keys.LoadOrMake(_ledger.Store.Newest(TestLedger.Ours)!);
        var head = new Checkpoint(key.Name, size, Sha256.Plain("another"u8));
        return new Head(TestLedger.Ours.ToString("N"), key.Name, 1, size, head.Root.ToBase64(), SignedNote.Sign(head.ToString(), key).ToString(), key.Verifier.ToString(), []);
    }

    private void Prove(long from, long to) => _proofs.Add(
        string.Create(CultureInfo.InvariantCulture, $"/api/v1/ledger/consistency?from={from}&to={to}&epoch=1"), [.. _ledger.Queries.Consistency(TestLedger.Ours, from, to)!.Select(static hash => hash.ToBase64())]);

    private string[] Tones(params Head[] heads) => [.. Show(heads).Select(static said => said.Tone)];

    // To a browser that has kept nothing yet.
    private Said[] Show(params Head[] heads)
    {
        var folder = Directory.CreateTempSubdirectory("osmoda-memory-");
        try
        {
            foreach (var name in (string[])["memory.js", "watch.js"])
            {
                File.Copy(Path.Combine(Repository.Folder, "OsModa.Dashboard", "wwwroot", "js", name), Path.Combine(folder.FullName, name));
            }

            File.WriteAllBytes(Path.Combine(folder.FullName, "verifier.js"), VerifyPage.HeadModule);
            File.WriteAllText(Path.Combine(folder.FullName, "package.json"), """{"type":"module"}""");
            return [.. NodeScript.Run(Driver, new { folder = folder.FullName, heads, proofs = _proofs }).Select(static line => JsonSerializer.Deserialize<Said>(line, JsonSerializerOptions.Web)!)];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private sealed record Head(string Organisation, string Origin, uint Epoch, long Size, string Root, string Note, string Key, IReadOnlyList<string> Changes);

    private sealed record Said(string Text, string Tone);
}
