using System.Text;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Bundles;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;
using OsModa.Tests.Ledger.Bundles;
using Xunit;

namespace OsModa.Tests.Ledger.Storing;

/// <summary>The key that heads are signed with is replaced.</summary>
public sealed class KeyRotationTests
{
    private static readonly Caller Owner = new(Guid.CreateVersion7(), "Ann", TestLedger.Ours, Role.Owner) { From = "203.0.113.5" };

    [Fact]
    public async Task Heads_are_signed_with_the_new_key_from_there_on_and_whoever_knows_either_key_can_check_all_of_it()
    {
        await using var ledger = new TestLedger();
        var (old, next) = await RotatedAsync(ledger);

        Assert.NotEqual(old.ToString(), next.ToString());
        foreach (var key in new[] { old, next })
        {
            var report = ledger.Check(key);
            Assert.Equal((CheckResult.Ok, 306L, 2L), (report.Result, report.SignedEntries, report.Heads));
            Assert.Equal(CheckResult.Ok, TestBundle.Check(TestBundle.Make(ledger), key).Result);
            Assert.Contains($"log {key}\n", Encoding.UTF8.GetString(TestBundle.Members(TestBundle.Make(ledger)).Single(member => member.Name == BundleMembers.Policy).Data), StringComparison.Ordinal);
            Assert.Equal(CheckResult.Ok, TestBundle.Check(TestBundle.Make(ledger, new BundleRequest { From = 256, Previous = 300 }), key).Result);
            Assert.Equal(CheckResult.Ok, TestBundle.Check(TestBundle.Make(ledger, new BundleRequest { Source = TestLedger.Ours, From = 290 }), key).Result);
        }

        Assert.Equal([next.ToString()], Signers(ledger, 0, old, next));
        Assert.Equal([old.ToString()], Signers(ledger, 1, old, next));
        Assert.Equal(next.ToString(), ledger.Queries.State(TestLedger.Ours)!.Key!.ToString());
        var entry = ledger.Queries.Entry(TestLedger.Ours, 300)!;
        Assert.Equal((RecordKind.KeyChange, "Ann", "203.0.113.5", "it was read by others"), (entry.Line.Kind, entry.Action!.Who, entry.Action.From, entry.Action.Why));
        Assert.Equal((old.ToString(), next.ToString()), (entry.Action.Details["old"], entry.Action.Details["new"]));
    }

    [Fact]
    public async Task It_goes_on_after_a_restart_and_over_several_changes()
    {
        await using var ledger = new TestLedger();
        var (first, _) = await RotatedAsync(ledger);
        await ledger.ReopenAsync();
        await ledger.ActAsync(10);
        await ledger.SignAsync();
        Assert.Null(await RotateAsync(ledger));
        Assert.Null(await RotateAsync(ledger));     // before the first was ever used
        await ledger.SignAsync();
        await ledger.ReopenAsync();
        await ledger.ActAsync(1);
        await ledger.SignAsync();

        Assert.Empty(ledger.Publisher.Stopped);
        Assert.Equal(CheckResult.Ok, ledger.Check(first).Result);
        Assert.Equal(4, ledger.Store.Keys.Known(ledger.Store.Newest(TestLedger.Ours)!).Length);
        Assert.Single(Directory.GetFiles(ledger.Settings.KeyFolder, "*111.*.key"));
        Assert.False(File.Exists(Directory.GetFiles(ledger.Settings.KeyFolder, "*111.key.pub").Single()[..^4]));
    }

    [Fact]
    public async Task Two_who_replace_it_at_once_leave_one_history_of_keys()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(3);
        await ledger.SignAsync();
        var first = ledger.Key;

        Assert.All(await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => RotateAsync(ledger)))), Assert.Null);
        await ledger.SignAsync();
        await ledger.ActAsync(1);
        await ledger.SignAsync();

        Assert.Empty(ledger.Publisher.Stopped);
        Assert.Equal(CheckResult.Ok, ledger.Check(first).Result);
        Assert.Equal(CheckResult.Ok, ledger.Check(ledger.Key).Result);
        Assert.Equal(9, ledger.Store.Keys.Known(ledger.Store.Newest(TestLedger.Ours)!).Length);
    }

    [Fact]
    public async Task A_change_whose_note_is_gone_is_told()
    {
        await using var ledger = new TestLedger();
        var (_, next) = await RotatedAsync(ledger);
        ledger.Tamper("DELETE FROM key_change");
        ledger.Tamper("DELETE FROM checkpoint WHERE log = 1 AND size = 300");

        Assert.Equal((CheckResult.Signature, "Entry 300 announces another key, and the note that both keys signed is missing."), Said(ledger.Check(next)));
        var bundle = TestBundle.Forge(TestBundle.Make(ledger), (_, data) => data);
        Assert.Equal("Entry 300 announces another key, and the note that both keys signed is missing.", TestBundle.Check(bundle, next).Sentence);
    }

    [Fact]
    public async Task A_key_that_the_old_one_did_not_announce_is_refused()
    {
        await using var ledger = new TestLedger();
        var (old, next) = await RotatedAsync(ledger);
        using var stranger = SignerKey.Generate(old.Name);
        using var other = SignerKey.Generate(old.Name);
        var newest = ledger.Queries.Heads(TestLedger.Ours)[0].Note!.Text;
        var (good, forged) = (ledger.Ask<string>("SELECT body FROM checkpoint WHERE log = 1 AND size = 306"), SignedNote.Sign(newest, stranger).ToString());

        ledger.Tamper("UPDATE checkpoint SET body = ?1 WHERE log = 1 AND size = 306", forged);
        Assert.Equal((CheckResult.Signature, $"The head of 306 entries is not signed by {old.Name}."), Said(ledger.Check(old)));

        // A change that only the stranger's keys signed is none of this log's.
        var change = KeyChange.Sign(old.Name, 300, other, stranger);
        ledger.Tamper("UPDATE key_change SET note = ?1", change.ToString());
        Assert.Equal(CheckResult.Signature, ledger.Check(old).Result);

        // One that names the old key without its signature is no change at all.
        var claimed = new SignedNote(change.Note.Text.Replace(other.Verifier.ToString(), old.ToString(), StringComparison.Ordinal), change.Note.Signatures);
        Assert.False(KeyChange.TryParse(claimed.ToString(), out _));

        ledger.Tamper("UPDATE checkpoint SET body = ?1 WHERE log = 1 AND size = 306", good);
        Assert.Equal(CheckResult.Signature, ledger.Check(old).Result);      // nobody announced it any more
        Assert.Equal(CheckResult.Signature, ledger.Check(next).Result);     // and nobody vouches for the first
    }

    [Fact]
    public async Task The_old_key_is_worth_nothing_for_heads_after_the_change()
    {
        await using var ledger = new TestLedger();
        using var stolen = await StolenAsync(ledger);
        await RotatedAsync(ledger);
        var newest = ledger.Queries.Heads(TestLedger.Ours)[0].Note!.Text;

        ledger.Tamper("UPDATE checkpoint SET body = ?1 WHERE log = 1 AND size = 306", SignedNote.Sign(newest, stolen).ToString());

        Assert.Equal((CheckResult.Signature, $"The head of 306 entries is not signed by {stolen.Name}."), Said(ledger.Check(stolen.Verifier)));
    }

    [Fact]
    public async Task A_second_change_away_from_a_replaced_key_does_not_make_it_count_again()
    {
        await using var ledger = new TestLedger();
        using var stolen = await StolenAsync(ledger);
        using var other = SignerKey.Generate(stolen.Name);
        await RotatedAsync(ledger);
        var change = KeyChange.Sign(stolen.Name, 306, stolen, other).ToString();
        var said = new ActionBody { Verb = RotateLedgerKey.Verb, Details = LedgerVerbs.Details((KeyChange.Detail, change)) };
        await ledger.Store.AppendAsync(TestLedger.Ours, [NewRecord.Of(RecordKind.KeyChange, said, TestLedger.Ours, ledger.Clock.GetUtcNow())], default);
        await ledger.SignAsync();
        ledger.Tamper("INSERT INTO key_change(log, at, note) VALUES(1, 306, ?1)", change);
        foreach (var size in new[] { 306, 307 })
        {
            var head = ledger.Queries.Heads(TestLedger.Ours).Single(head => head.Size == size).Note!.Text;
            ledger.Tamper("UPDATE checkpoint SET body = ?1 WHERE log = 1 AND size = ?2", SignedNote.Sign(head, stolen).ToString(), size);
        }

        var torn = (CheckResult.Signature, "Entry 306 goes over from a key that the log was not signed with: the history of its keys is broken.");
        Assert.Equal(torn, Said(ledger.Check(stolen.Verifier)));
        Assert.Equal(torn, Said(TestBundle.Check(TestBundle.Make(ledger), stolen.Verifier)));
        Assert.Equal(torn, Said(TestBundle.Check(TestBundle.Make(ledger, new BundleRequest { Source = TestLedger.Ours, From = 290 }), stolen.Verifier)));
    }

    [Fact]
    public async Task A_replaced_key_that_is_still_there_is_deleted_with_the_next_signature()
    {
        await using var ledger = new TestLedger();
        using var old = await StolenAsync(ledger);
        var path = Path.Combine(ledger.Settings.KeyFolder, Uri.EscapeDataString(old.Name) + ".key");
        await RotatedAsync(ledger);
        Assert.False(File.Exists(path));
        await File.WriteAllTextAsync(path, old.ToSecretText() + "\n", TestContext.Current.CancellationToken);     // as after a crash before it was deleted
        await ledger.ActAsync(1);
        await ledger.SignAsync();

        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task A_key_that_is_just_being_made_is_not_taken_for_one_that_was_replaced()
    {
        await using var ledger = new TestLedger();
        await RotatedAsync(ledger);
        using var next = ledger.Store.Keys.MakeNext(ledger.Store.Newest(TestLedger.Ours)!);
        await ledger.ActAsync(1);
        await ledger.SignAsync();

        Assert.Equal(2, Directory.GetFiles(ledger.Settings.KeyFolder, "*111.*.key").Length);
    }

    [Fact]
    public async Task A_change_that_no_entry_announces_is_told()
    {
        await using var ledger = new TestLedger();
        using var stolen = await StolenAsync(ledger);
        await ledger.ActAsync(300);
        await ledger.SignAsync();
        using var next = SignerKey.Generate(stolen.Name);
        ledger.Tamper("INSERT INTO key_change(log, at, note) VALUES(1, 100, ?1)", KeyChange.Sign(stolen.Name, 100, stolen, next).ToString());
        var note = ledger.Queries.Heads(TestLedger.Ours)[0].Note!.Text;
        ledger.Tamper("UPDATE checkpoint SET body = ?1 WHERE log = 1", SignedNote.Sign(note, next).ToString());

        Assert.Equal((CheckResult.Signature, "Entry 100 should announce another key and does not."), Said(ledger.Check(stolen.Verifier)));
    }

    [Fact]
    public async Task A_file_with_a_change_left_out_or_altered_does_not_verify_for_those_who_know_the_old_key()
    {
        await using var ledger = new TestLedger();
        var (old, next) = await RotatedAsync(ledger);
        var bundle = TestBundle.Make(ledger);

        Assert.Equal(CheckResult.Signature, TestBundle.Check(TestBundle.Forge(bundle, (name, data) => name == "key-changes/300" ? null : data), old).Result);
        Assert.Equal(CheckResult.Malformed, TestBundle.Check(TestBundle.Forge(bundle, (name, data) => name == "key-changes/300" ? [.. data[..^20], (byte)(data[^20] ^ 1), .. data[^19..]] : data), old).Result);
        Assert.Equal(CheckResult.Policy, TestBundle.Check(bundle).Result);
        Assert.Contains($"log {next}", System.Text.Encoding.UTF8.GetString(TestBundle.Members(bundle).Single(member => member.Name == "policy.txt").Data), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_missing_stops_the_signing_and_is_never_replaced_by_one_that_nobody_announced()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(1);
        await ledger.SignAsync();
        var path = Directory.GetFiles(ledger.Settings.KeyFolder, "*111.key").Single();
        var secret = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        File.Delete(path);
        await ledger.ActAsync(1);
        await ledger.SignAsync();

        Assert.Contains($"The key {path} is missing", ledger.Publisher.Stopped.Values.Single(), StringComparison.Ordinal);
        Assert.False(File.Exists(path));
        Assert.Contains("is missing", ledger.Queries.State(TestLedger.Ours)!.Stopped!, StringComparison.Ordinal);
        Assert.Equal((false, true), (ledger.Queries.State(TestLedger.Ours)!.IsUnwritten, ledger.Queries.State(TestLedger.Ours)!.NeedsEpoch));
        Assert.Equal((CheckResult.Ok, "All 2 entries are in order; the newest 1 are not signed yet."), Said(ledger.Queries.Check(TestLedger.Ours)!));

        await File.WriteAllTextAsync(path, secret, TestContext.Current.CancellationToken);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await ledger.SignAsync();
        Assert.NotEmpty(ledger.Publisher.Stopped);
        ledger.Clock.Advance(Publisher.Again);
        await ledger.SignAsync();
        Assert.Empty(ledger.Publisher.Stopped);
        Assert.Equal(2, ledger.Queries.Heads(TestLedger.Ours)[0].Size);
    }

    [Fact]
    public async Task A_folder_of_keys_that_is_lost_gets_no_new_key_under_the_old_name_and_an_owner_goes_on_in_a_new_epoch()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(1);
        await ledger.SignAsync();
        Directory.Delete(ledger.Settings.KeyFolder, recursive: true);

        var state = ledger.Queries.State(TestLedger.Ours)!;
        Assert.Null(state.Key);
        Assert.Contains("111.key is missing, so nothing can be signed with it.", state.Stopped, StringComparison.Ordinal);
        Assert.Equal(CheckResult.Policy, ledger.Queries.Check(TestLedger.Ours)!.Result);
        await ledger.ActAsync(1);
        await ledger.SignAsync();
        Assert.False(Directory.Exists(ledger.Settings.KeyFolder));

        Assert.Null(await new BeginLedgerEpoch(ledger.Store, ledger.Queries, ledger.Clock).RunAsync(Owner, "the keys were lost"));
        await ledger.SignAsync();
        Assert.Equal(($"{state.Origin}/2", null), (ledger.Queries.State(TestLedger.Ours)!.Key!.Name, ledger.Queries.State(TestLedger.Ours)!.Stopped));
    }

    [Fact]
    public async Task Only_an_owner_replaces_it_and_says_why()
    {
        await using var ledger = new TestLedger();
        var rotate = new RotateLedgerKey(ledger.Store, ledger.Clock);
        Assert.Equal("Nothing is in the ledger yet, so it has no key.", await rotate.RunAsync(Owner, "why"));
        await ledger.ActAsync(1);

        Assert.Equal("Only an owner can replace the key of the ledger.", await rotate.RunAsync(Owner with { Role = Role.Operator }, "why"));
        Assert.StartsWith("Say in one line", await rotate.RunAsync(Owner, " "), StringComparison.Ordinal);
        Assert.Equal(1, ledger.Queries.State(TestLedger.Ours)!.Size);
    }

    private static async Task<(VerifierKey Old, VerifierKey New)> RotatedAsync(TestLedger ledger)
    {
        await ledger.ActAsync(300);
        await ledger.SignAsync();
        var old = ledger.Key;
        Assert.Null(await RotateAsync(ledger));
        await ledger.ActAsync(5);
        await ledger.SignAsync();
        Assert.Empty(ledger.Publisher.Stopped);
        return (old, ledger.Queries.State(TestLedger.Ours)!.Key!);
    }

    private static Task<string?> RotateAsync(TestLedger ledger) => new RotateLedgerKey(ledger.Store, ledger.Clock).RunAsync(Owner, "it was read by others");

    private static async Task<SignerKey> StolenAsync(TestLedger ledger)
    {
        await ledger.ActAsync(0);
        return ledger.Store.Keys.LoadOrMake(LogName.OriginOf("ledger.example", TestLedger.Ours, 1));
    }

    private static IEnumerable<string> Signers(TestLedger ledger, int head, params VerifierKey[] keys) => ledger.Queries.Heads(TestLedger.Ours)[head].Note!.Check(keys)!.Value.Select(static key => key.ToString());

    private static (CheckResult Result, string Sentence) Said(CheckReport report) => (report.Result, report.Sentence);
}
