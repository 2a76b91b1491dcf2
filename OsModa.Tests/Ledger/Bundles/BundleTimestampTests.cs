using System.Text;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger.Bundles;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Witnessing;
using OsModa.Core.Storage;
using OsModa.Tests.Ledger.Witnessing;
using Xunit;

namespace OsModa.Tests.Ledger.Bundles;

/// <summary>Time stamps in a file that is checked without us.</summary>
public sealed class BundleTimestampTests : IAsyncLifetime
{
    private const string Note = "timestamps/3.note";
    private const string Answer = "timestamps/3.tsr";
    private const string Proof = "timestamps/3.consistency.txt";
    private StampedLedger _stamped = null!;
    private byte[] _good = [];

    private TestLedger Ledger => _stamped.Ledger;

    public async ValueTask InitializeAsync()
    {
        _stamped = await StampedLedger.StartAsync();
        await _stamped.StampAsync();
        await _stamped.GrowAsync(5);
        _good = TestBundle.Make(Ledger);
    }

    public ValueTask DisposeAsync() => _stamped.DisposeAsync();

    [Fact]
    public async Task They_are_right_whoever_is_asked_and_trusted_when_they_lead_to_those_who_were_named()
    {
        await using var other = new TestAuthority(Ledger.Clock);
        Assert.Equal([Proof, Note, Answer], TestBundle.Members(_good).Select(static member => member.Name).Where(static name => name.StartsWith("timestamps/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

        Assert.Equal(
            new StampReport(3, Ledger.Clock.GetUtcNow(), TestAuthority.Name, null, 1), Check(_good) is { Result: CheckResult.Ok } untrusting ? untrusting.Stamp : null);
        Assert.True(Check(_good, _stamped.Authority.Roots) is { Result: CheckResult.Ok, Stamp.IsTrusted: true });
        var refused = Check(_good, other.Roots);
        Assert.Equal((CheckResult.Policy, false), (refused.Result, refused.Stamp!.IsTrusted));
        Assert.StartsWith("No time stamp is by an authority that you trust. Its certificate does not lead to one of those", refused.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_single_entries_and_of_later_ones_alone_they_can_be_compared_too()
    {
        await _stamped.GrowAsync(600);
        Ledger.Clock.Advance(TimeSpan.FromDays(2));
        await _stamped.StampAsync();

        var (single, late) = (TestBundle.Make(Ledger, new BundleRequest { Source = TestLedger.Ours }), TestBundle.Make(Ledger, new BundleRequest { From = 520 }));

        Assert.Equal((CheckResult.Ok, 2L), (Check(single).Result, Check(single).Stamp!.Count));
        Assert.Equal((CheckResult.Ok, 609L, 1L), (Check(late).Result, Check(late).Stamp!.Size, Check(late).Stamp!.Count));
        Assert.Equal(2, Check(TestBundle.Make(Ledger)).Stamp!.Count);
    }

    [Theory]
    [InlineData(Answer, CheckResult.Malformed)]
    [InlineData(Note, CheckResult.Malformed)]
    [InlineData(Proof, CheckResult.Malformed)]
    public void One_that_is_not_whole_is_none(string missing, CheckResult result)
    {
        var without = TestBundle.Forge(_good, (name, data) => name == missing ? null : data);

        Assert.Equal(result, Check(without).Result);
        Assert.NotEqual("ok", VerifyPageTests.Open(without, $"{Ledger.Key}").Result);
    }

    [Fact]
    public void A_head_that_the_log_did_not_sign_or_does_not_continue_is_refused_though_it_is_stamped()
    {
        using var stranger = SignerKey.Generate(Ledger.Key.Name);
        using var own = Ledger.Store.Keys.LoadOrMake(Ledger.Store.Newest(TestLedger.Ours)!);
        var text = new Checkpoint(Ledger.Key.Name, 3, Core.Ledger.Hashing.TreeHash.Zero).ToString();

        foreach (var (key, result, word) in new[] { (stranger, CheckResult.Signature, "signature"), (own, CheckResult.Consistency, "consistency") })
        {
            var note = Encoding.UTF8.GetBytes(SignedNote.Sign(text, key).ToString());
            var token = _stamped.Authority.Token(System.Security.Cryptography.SHA256.HashData(note), null);
            var forged = TestBundle.Forge(_good, (name, data) => name == Note ? note : name == Answer ? TestAuthority.Granted(token) : data);
            Assert.Equal(result, Check(forged).Result);
            Assert.Equal(word, VerifyPageTests.Open(forged, $"{Ledger.Key}").Result);
        }
    }

    [Fact]
    public void The_time_stamp_of_something_else_is_refused_by_command_and_page()
    {
        var other = TestAuthority.Granted(_stamped.Authority.Token(new byte[32], null));
        var forged = TestBundle.Forge(_good, (name, data) => name == Answer ? other : data);

        Assert.Equal((CheckResult.Signature, "The time stamp of the state of 3 entries does not verify. It stamps something else than this."), (Check(forged).Result, Check(forged).Sentence));
        Assert.Equal(("signature", Check(forged).Sentence), (VerifyPageTests.Open(forged, $"{Ledger.Key}") is var said ? said.Result : "", said.Sentence));
    }

    [Fact]
    public void A_signature_that_was_changed_is_the_commands_to_find()
    {
        var forged = TestBundle.Forge(_good, static (name, data) => name == Answer ? [.. data[..^1], (byte)(data[^1] ^ 1)] : data);

        Assert.Equal((CheckResult.Signature, "The time stamp of the state of 3 entries does not verify. Its signature is not right."), (Check(forged).Result, Check(forged).Sentence));
    }

    [Fact]
    public void Who_names_whom_they_trust_for_it_asks_for_one()
    {
        var none = TestBundle.Forge(_good, static (name, data) => name.StartsWith("timestamps/", StringComparison.Ordinal) ? null : data);

        Assert.Equal((CheckResult.Ok, null), (Check(none).Result, Check(none).Stamp));
        Assert.Equal(CheckResult.Policy, Check(none, _stamped.Authority.Roots).Result);
    }

    [Fact]
    public async Task The_dashboard_says_of_each_whether_those_whom_its_settings_trust_signed_it_and_asks_for_none()
    {
        var none = TestBundle.Forge(_good, static (name, data) => name.StartsWith("timestamps/", StringComparison.Ordinal) ? null : data);
        await using var other = new TestAuthority(Ledger.Clock);
        Ledger.Clock.Advance(TimeSpan.FromDays(2));
        await _stamped.StampAsync();
        var both = TestBundle.Make(Ledger);

        var (trusted, stranger) = (await CheckHereAsync(both, _stamped.Settings), await CheckHereAsync(both, _stamped.Settings with { Roots = other.Roots }));

        Assert.Equal((true, true, 2L, 2L), (trusted.Result == CheckResult.Ok, trusted.Stamp!.IsTrusted, trusted.Stamp.Count, trusted.Stamp.Trusted));
        Assert.EndsWith(", which leads to one of those that you trust; 2 time stamps are right in all, and 2 of them lead there.", trusted.Stamp.Sentence, StringComparison.Ordinal);
        Assert.Equal((true, false, 0L), (stranger.Result == CheckResult.Ok, stranger.Stamp!.IsTrusted, stranger.Stamp.Trusted));
        Assert.Equal((CheckResult.Ok, null), (await CheckHereAsync(none, _stamped.Settings) is var without ? without.Result : default, without.Stamp));
        Assert.Null((await CheckHereAsync(both, TimestampSettings.None)).Stamp!.IsTrusted);
    }

    [Fact]
    public void The_page_says_what_it_checked_of_it_and_what_not()
    {
        var said = VerifyPageTests.Open(_good, $"{Ledger.Key}");

        Assert.Equal("ok", said.Result);
        Assert.Contains(said.Told, static told => told.StartsWith("The state of 3 entries was put before a time-stamping authority, whose answer says 2026-01-15 12:00:00Z.", StringComparison.Ordinal) && told.Contains("--timestamp-roots", StringComparison.Ordinal));
    }

    [Fact]
    public void No_answer_however_it_is_cut_or_changed_breaks_the_page()
    {
        var answer = TestBundle.Members(_good).Single(static member => member.Name == Answer).Data;
        const string module =
            """
            const { script, answer } = JSON.parse(process.env.GIVEN), bytes = new Uint8Array(Buffer.from(answer, "base64"));
            const { parse, hex } = new Function(`const fromUtf8 = b => new TextDecoder().decode(b), hex = b => Buffer.from(b).toString("hex");${script};return { parse: parseTimestamp, hex };`)();
            const right = parse(bytes);
            let read = 0;
            for (let i = 0; i < bytes.length; i++) {
              if (parse(bytes.subarray(0, i))) throw new Error("cut");
              for (const bit of [1, 0x80]) { const bad = bytes.slice(); bad[i] ^= bit; const got = parse(bad); if (got) read++; }
            }
            console.log(hex(right.hash), right.at, read < 2 * bytes.length ? "whole" : "");
            for (const given of [[], [0x30], [0x30, 0x80], [0x30, 0x84, 0xff, 0xff, 0xff, 0xff], [0x30, 0x81, 0x01, 0x00]]) console.log(parse(Uint8Array.from(given)));
            """;
        var script = Encoding.UTF8.GetString(BundleTexts.Read("Ledger.timestamps.js"));

        var lines = NodeScript.Run(module, new { script, answer = Convert.ToBase64String(answer) });

        var stamped = TestBundle.Members(_good).Single(static member => member.Name == Note).Data;
        Assert.Equal([$"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(stamped))} 2026-01-15 12:00:00Z whole", "null", "null", "null", "null", "null"], lines);
    }

    private async Task<CheckReport> CheckHereAsync(byte[] bundle, TimestampSettings settings)
    {
        using var here = new CheckExport(Ledger.Store, new StorageSettings { Folder = Path.GetDirectoryName(Ledger.Settings.File)! }, settings, Ledger.Clock);
        var caller = new Caller(Guid.CreateVersion7(), "Ann", TestLedger.Ours, Role.Viewer);
        return (await here.RunAsync(caller, (to, stop) => to.WriteAsync(bundle, stop).AsTask(), null, null, TestContext.Current.CancellationToken)).Report;
    }

    private CheckReport Check(byte[] bundle, TimestampRoots? roots = null) => TestBundle.Check(bundle, new LogTrust([Ledger.Key]) { TimestampRoots = roots });
}
