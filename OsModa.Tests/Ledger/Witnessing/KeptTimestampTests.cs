using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Witnessing;
using Xunit;

namespace OsModa.Tests.Ledger.Witnessing;

/// <summary>What the owner of the database can do to its time stamps, and what is said then.</summary>
public sealed class KeptTimestampTests : IAsyncLifetime
{
    private StampedLedger _stamped = null!;

    private TestLedger Ledger => _stamped.Ledger;

    public async ValueTask InitializeAsync()
    {
        _stamped = await StampedLedger.StartAsync();
        await _stamped.StampAsync();
    }

    public ValueTask DisposeAsync() => _stamped.DisposeAsync();

    [Fact]
    public void Every_byte_of_what_is_kept_matters()
    {
        var key = Ledger.Key;
        Assert.Equal(CheckResult.Ok, Ledger.Check(key).Result);

        foreach (var (column, type) in new[] { ("token", ""), ("note", "TEXT"), ("authority", "TEXT") })
        {
            var good = Ledger.Ask<byte[]>($"SELECT CAST({column} AS BLOB) FROM anchor");
            for (var i = 0; i < good.Length; i++)
            {
                var bad = good.ToArray();
                bad[i] ^= (byte)(1 << (i % 8));
                Write(column, type, bad);
                Assert.NotEqual(CheckResult.Ok, Ledger.Check(key).Result);
            }

            Write(column, type, good);
        }

        foreach (var column in new[] { "size", "at", "entry" })
        {
            Ledger.Tamper($"UPDATE anchor SET {column} = {column} + 1");
            Assert.NotEqual(CheckResult.Ok, Ledger.Check(key).Result);
            Ledger.Tamper($"UPDATE anchor SET {column} = {column} - 1");
        }

        Assert.Equal(CheckResult.Ok, Ledger.Check(key).Result);
    }

    [Fact]
    public async Task A_token_that_was_changed_is_said_on_the_page_and_by_the_check_of_the_night()
    {
        var token = _stamped.Kept().Token;
        token[^1] ^= 1;
        Ledger.Tamper("UPDATE anchor SET token = ?1", token);

        Assert.Equal(("Its signature is not right.", false), (_stamped.State!.Wrong, _stamped.State.Holds));
        Assert.Equal((CheckResult.Signature, "The time stamp of the state of 3 entries does not verify. Its signature is not right."), (Ledger.Check().Result, Ledger.Check().Sentence));

        Ledger.Clock.Advance(TimeSpan.FromDays(1));
        var nightly = new NightlyCheck(Ledger.Store, Ledger.Queries, Ledger.Clock, NullLogger<NightlyCheck>.Instance);
        await nightly.CheckDueAsync(default);
        Assert.Contains("The time stamp of the state of 3 entries does not verify.", nightly.Of(TestLedger.Ours)!.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DELETE FROM anchor")]
    [InlineData("DROP TABLE anchor")]
    public void One_that_was_taken_away_is_missed(string sql)
    {
        Ledger.Tamper(sql);

        Assert.Equal((CheckResult.ContentMismatch, 3L, "Entry 3 tells of a time stamp that is gone. Restore the newest backup."), (Ledger.Check().Result, Ledger.Check().At, Ledger.Check().Sentence));
        Assert.Null(_stamped.State!.At);
    }

    [Theory]
    [InlineData("UPDATE anchor SET size = 1")]
    [InlineData("DELETE FROM anchor")]
    public void The_tables_own_rules_keep_programs_from_accidents(string sql)
    {
        using var connection = Open(Ledger);

        Assert.Throws<SqliteException>(() => connection.Run(sql));
    }

    [Fact]
    public async Task A_history_that_was_written_anew_with_the_stolen_key_is_not_the_one_that_was_stamped()
    {
        var (note, token) = _stamped.Kept();
        await using var thief = new TestLedger();
        Directory.CreateDirectory(thief.Settings.KeyFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Array.ForEach(Directory.GetFiles(Ledger.Settings.KeyFolder), file => File.Copy(file, Path.Combine(thief.Settings.KeyFolder, Path.GetFileName(file))));
        await thief.Writer.NoticeAsync(new(TestLedger.Ours, null, "x"), "another.history", "");
        await thief.ActAsync(4);
        await thief.SignAsync();
        using (var connection = Open(thief))
        {
            new KeptTimestamp(3, "The authority", note.ToString(), token, Ledger.Clock.GetUtcNow(), 3).Insert(connection, 1);
        }

        Assert.Equal((CheckResult.Consistency, "At 3 entries this is another history than the one that was time-stamped. Keep both: they are the evidence."), (thief.Check().Result, thief.Check().Sentence));
        Assert.Equal("It is of another history than this one.", new TimestampStanding(thief.Store, _stamped.Client, _stamped.Settings).Of(TestLedger.Ours)!.Wrong);
    }

    [Fact]
    public async Task One_by_whom_the_settings_do_not_trust_any_more_is_right_and_vouches_for_nothing()
    {
        await using var other = new TestAuthority(Ledger.Clock);
        _stamped.Use(_stamped.Settings with { Roots = other.Roots });

        Assert.Equal((null, false), (_stamped.State!.Wrong, _stamped.State.Holds));
        Assert.StartsWith("Its certificate does not lead to one of those", _stamped.State.Distrusted, StringComparison.Ordinal);
        Assert.Equal(CheckResult.Ok, Ledger.Check().Result);
        using var reader = Ledger.Store.Open(TestLedger.Ours)!;
        var asked = DatabaseCheck.Run(reader, new LogTrust([Ledger.Key]) { TimestampRoots = other.Roots });
        Assert.Equal((CheckResult.Policy, false), (asked.Result, asked.Stamp!.IsTrusted));
        Assert.True(DatabaseCheck.Run(reader, new LogTrust([Ledger.Key]) { TimestampRoots = _stamped.Authority.Roots }).Stamp!.IsTrusted);
    }

    [Fact]
    public async Task A_certificate_that_has_run_out_since_does_not_matter()
    {
        _stamped.Authority.Certificate = _stamped.Authority.Issue("1.3.6.1.5.5.7.3.8", ends: Ledger.Clock.GetUtcNow() + TimeSpan.FromDays(1));
        await _stamped.StampAsync();

        Ledger.Clock.Advance(TimeSpan.FromDays(60));

        Assert.True(_stamped.State is { Size: 4, Holds: true });
        Assert.Equal((CheckResult.Ok, 2L), (Ledger.Check().Result, Ledger.Check().Stamp!.Count));
    }

    [Fact]
    public async Task What_tells_of_it_may_be_taken_out_or_dropped_and_the_rest_verifies()
    {
        Assert.Null(await new RedactEntry(Ledger.Store, Ledger.Clock).RunAsync(new Caller(Guid.CreateVersion7(), "Ann", TestLedger.Ours, Role.Owner), 3, "asked for it"));
        Assert.Equal((CheckResult.Ok, 3L), (Ledger.Check().Result, Ledger.Check().Stamp!.Size));

        await _stamped.GrowAsync(600);
        Ledger.Clock.Advance(TimeSpan.FromDays(30));
        await _stamped.GrowAsync(1);
        await Ledger.Store.RunAsync(group => Dropping.Run(group, TestLedger.Ours, Ledger.Clock.GetUtcNow() - TimeSpan.FromDays(7), new ActionBody { Verb = "ledger.drop", Who = "Ann" }, Ledger.Clock.GetUtcNow()));
        await Ledger.SignAsync();

        Assert.Equal(512, Ledger.Queries.State(TestLedger.Ours)!.First);
        Assert.Equal((CheckResult.Ok, 3L), (Ledger.Check().Result, Ledger.Check().Stamp!.Size));
    }

    [Fact]
    public async Task A_new_epoch_has_none_and_the_one_that_ended_keeps_its_own()
    {
        await Ledger.Store.BeginEpochAsync(TestLedger.Ours, new ActionBody { Verb = "", Who = "Ann", Why = "moved" }, Ledger.Clock.GetUtcNow());
        await Ledger.SignAsync();
        Assert.Equal(0, _stamped.State!.Size);

        await _stamped.Client.StampDueAsync(default);

        Assert.Equal(1, _stamped.State!.Size);
        Assert.Equal(2, DatabaseCheck.Run(Ledger.Settings.File, null, new LogTrust(Ledger.Settings.PublicKeys())).Count(static one => one.Report is { Result: CheckResult.Ok, Stamp.Count: 1 }));
    }

    private static SqliteConnection Open(TestLedger ledger)
    {
        var connection = new SqliteConnection($"Data Source={ledger.Settings.File};Pooling=False");
        connection.Open();
        return connection;
    }

    private void Write(string column, string type, byte[] value) => Ledger.Tamper($"UPDATE anchor SET {column} = {(type.Length > 0 ? $"CAST(?1 AS {type})" : "?1")}", value);
}
