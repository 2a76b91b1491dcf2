using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Tree;
using OsModa.Core.Ledger.Witnessing;
using Xunit;

namespace OsModa.Tests.Ledger.Witnessing;

/// <summary>The answers that C2SP tlog-witness asks for.</summary>
public sealed class WitnessTests : IAsyncDisposable
{
    private readonly TestLedger _log = new();
    private readonly TestLedger _theirs = new();

    [Fact]
    public async Task A_head_that_continues_the_last_one_is_cosigned_and_the_cosignature_verifies()
    {
        var first = await SignedAsync(5);
        var witness = New();

        var answer = await AskAsync(witness, new AddCheckpoint(0, [], first));
        var second = await SignedAsync(7);
        var next = await AskAsync(witness, new AddCheckpoint(5, [.. Proof(5, 12)], second));

        Assert.Equal((200, 200), (answer.Status, next.Status));
        var cosigned = second.With(NoteSignature.Parse(next.Body.TrimEnd('\n'))!);
        Assert.Equal([witness.Key.Name], cosigned.Check([witness.Key])!.Value.Select(key => key.Name));
        Assert.Equal(_theirs.Clock.GetUtcNow().ToUnixTimeSeconds(), cosigned.CosignedAt(witness.Key)!.Value.ToUnixTimeSeconds());
    }

    [Fact]
    public async Task What_is_not_asked_as_it_should_be_is_refused_with_the_status_of_the_specification()
    {
        var first = await SignedAsync(5);
        var second = await SignedAsync(7);
        var witness = New();
        Assert.Equal(200, (await AskAsync(witness, new AddCheckpoint(0, [], second))).Status);

        var stale = await AskAsync(witness, new AddCheckpoint(5, [.. Proof(5, 12)], second));
        Assert.Equal((409, "12\n"), (stale.Status, stale.Body));
        Assert.Equal(400, (await AskAsync(witness, new AddCheckpoint(12, [], first))).Status);
        Assert.Equal(200, (await AskAsync(witness, new AddCheckpoint(12, [], second))).Status);
        Assert.Equal(422, (await AskAsync(witness, new AddCheckpoint(12, [TreeHash.Zero], second))).Status);
        Assert.Equal(400, (await witness.RunAsync("old 1"u8.ToArray())).Status);
        Assert.Equal(400, (await witness.RunAsync("old 01\n\nx\n\n— a AAAA\n"u8.ToArray())).Status);

        using var other = SignerKey.Generate(second.Text.Split('\n')[0]);
        Assert.Equal(403, (await AskAsync(witness, new AddCheckpoint(12, [], SignedNote.Sign(second.Text, other)))).Status);
        using var stranger = SignerKey.Generate("stranger.example/log");
        Assert.Equal(404, (await AskAsync(witness, new AddCheckpoint(0, [], SignedNote.Sign(new Checkpoint("stranger.example/log", 1, TreeHash.Zero).ToString(), stranger)))).Status);
    }

    [Fact]
    public async Task A_fork_signed_with_the_right_key_is_refused_at_the_same_size_and_at_a_larger_one()
    {
        var head = await SignedAsync(5);
        var witness = New();
        Assert.Equal(200, (await AskAsync(witness, new AddCheckpoint(0, [], head))).Status);
        using var key = _log.Store.Keys.LoadOrMake(_log.Store.Newest(TestLedger.Ours)!);

        foreach (var size in (long[])[5, 6, 100])
        {
            var forked = SignedNote.Sign(new Checkpoint(key.Name, size, Sha256.Plain("another"u8)).ToString(), key);
            Assert.Equal(422, (await AskAsync(witness, new AddCheckpoint(5, size == 5 ? [] : [.. Proof(3, 5)], forked))).Status);
        }
    }

    [Fact]
    public async Task What_was_cosigned_is_remembered_over_a_restart()
    {
        var head = await SignedAsync(5);
        Assert.Equal(200, (await AskAsync(New(), new AddCheckpoint(0, [], head))).Status);
        await _theirs.ReopenAsync();

        Assert.Equal(409, (await AskAsync(New(), new AddCheckpoint(0, [], head))).Status);
    }

    [Fact]
    public async Task What_was_cosigned_is_remembered_though_an_older_database_is_put_back()
    {
        var first = await SignedAsync(5);
        Assert.Equal(200, (await AskAsync(New(), new AddCheckpoint(0, [], first))).Status);
        await _theirs.ReopenAsync(() => File.Copy(_theirs.Settings.File, _theirs.Settings.File + ".backup"));
        var second = await SignedAsync(7);
        Assert.Equal(200, (await AskAsync(New(), new AddCheckpoint(5, [.. Proof(5, 12)], second))).Status);
        await _theirs.ReopenAsync(() => File.Copy(_theirs.Settings.File + ".backup", _theirs.Settings.File, overwrite: true));

        Assert.Equal(5, _theirs.Ask<long>("SELECT size FROM witnessed"));
        var witness = New();
        var older = await AskAsync(witness, new AddCheckpoint(5, [.. Proof(5, 12)], second));
        Assert.Equal((409, "12\n"), (older.Status, older.Body));
        using var key = _log.Store.Keys.LoadOrMake(_log.Store.Newest(TestLedger.Ours)!);
        var forked = SignedNote.Sign(new Checkpoint(key.Name, 12, Sha256.Plain("another"u8)).ToString(), key);
        Assert.Equal(422, (await AskAsync(witness, new AddCheckpoint(12, [], forked))).Status);
        Assert.Equal(200, (await AskAsync(witness, new AddCheckpoint(12, [], second))).Status);
        Assert.Equal(12, _theirs.Ask<long>("SELECT size FROM witnessed"));
    }

    [Fact]
    public async Task A_lost_guard_folder_alone_takes_nothing_back()
    {
        var head = await SignedAsync(5);
        Assert.Equal(200, (await AskAsync(New(), new AddCheckpoint(0, [], head))).Status);
        Directory.Delete(_theirs.Settings.GuardFolder, recursive: true);

        Assert.Equal(409, (await AskAsync(New(), new AddCheckpoint(0, [], head))).Status);
    }

    [Fact]
    public async Task A_key_that_was_lost_is_not_made_anew_without_a_word()
    {
        var head = await SignedAsync(5);
        var witness = New();
        Assert.Equal(200, (await AskAsync(witness, new AddCheckpoint(0, [], head))).Status);
        Directory.Delete(_theirs.Settings.KeyFolder, recursive: true);

        Assert.Equal(503, (await AskAsync(witness, new AddCheckpoint(5, [], head))).Status);
        var file = Path.Combine(_theirs.Settings.KeyFolder, Uri.EscapeDataString("ledger.example/witness") + ".key");
        Assert.StartsWith($"The key {file} is missing, so nothing can be cosigned with it. Put it back; or delete ", Assert.Throws<LedgerDamagedException>(() => witness.Key).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(file));

        Directory.Delete(Path.Combine(_theirs.Settings.GuardFolder, "witnessed"), recursive: true);
        Assert.Equal(200, (await AskAsync(witness, new AddCheckpoint(5, [], head))).Status);
        Assert.True(File.Exists(file));
    }

    [Fact]
    public async Task A_key_that_cannot_be_read_is_in_the_way_of_no_other_entry()
    {
        var head = await SignedAsync(5);
        var witness = New();
        var file = Path.Combine(_theirs.Settings.KeyFolder, Uri.EscapeDataString(witness.Key.Name) + ".key");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        var (answer, other) = (AskAsync(witness, new AddCheckpoint(0, [], head)), _theirs.ActAsync(1));
        await other;
        Assert.Equal((503, "This witness cannot cosign now; the log of its dashboard has why.\n"), ((await answer).Status, (await answer).Body));
        Assert.Equal(0, _theirs.Ask<long>("SELECT count(*) FROM witnessed"));
    }

    [Fact]
    public async Task A_request_is_read_as_it_was_written()
    {
        var head = await SignedAsync(9);
        var request = new AddCheckpoint(4, [.. Proof(4, 9)], head);

        Assert.True(AddCheckpoint.TryParse(System.Text.Encoding.UTF8.GetBytes(request.ToString()), out var read));
        Assert.Equal(request.ToString(), read.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        await _theirs.DisposeAsync();
    }

    private Witness New() => new(_theirs.Store, new WitnessSettings([], [_log.Key]), _theirs.Settings, _theirs.Clock, NullLogger<Witness>.Instance);

    private static Task<WitnessAnswer> AskAsync(Witness witness, AddCheckpoint request) => witness.RunAsync(System.Text.Encoding.UTF8.GetBytes(request.ToString()));

    private async Task<SignedNote> SignedAsync(int more)
    {
        await _log.ActAsync(more);
        await _log.SignAsync();
        return _log.Queries.State(TestLedger.Ours)!.Newest!;
    }

    private TreeHash[] Proof(long from, long to)
    {
        using var reader = _log.Store.Open(TestLedger.Ours)!;
        return Consistency.Prove(reader.Subtrees(to), from, to);
    }
}
