using Microsoft.Extensions.Logging;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Servers;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Ledger.Servers;

public sealed class ServerRecordingTests : IAsyncDisposable
{
    private static readonly Guid Boot = Guid.NewGuid();
    private readonly TestLedger _ledger = new();
    private readonly Server _server = new() { Id = new ServerId(TestLedger.Server), OrganisationId = TestLedger.Ours, Name = "web1", Address = "192.0.2.1", Login = "root", AddedAt = DateTimeOffset.UnixEpoch };
    private readonly CancellationTokenSource _stop = new();
    private readonly ErrorLog _log = new();

    [Fact]
    public async Task A_server_that_floods_its_journal_gets_no_more_than_its_share_and_what_is_left_out_is_said()
    {
        var recording = New();
        var running = recording.RunAsync(_stop.Token);
        recording.Begin();

        for (var i = 0; i < 7_000; i++)
        {
            recording.Take(Login(i));
            if (i % 1_000 == 999)
            {
                await ReadUntilAsync(i);
            }
        }

        _ledger.Clock.Advance(TimeSpan.FromMinutes(2));
        recording.Take(Login(7_000));
        await ReadUntilAsync(7_000);

        Assert.Equal(5_001, Count(HostVerbs.Login));
        Assert.Equal(2_000, Lines(HostVerbs.LeftOut).Sum(line => int.Parse(line.Action!.Details["count"], System.Globalization.CultureInfo.InvariantCulture)));
        await EndAsync(running);
    }

    [Fact]
    public async Task What_was_left_out_last_is_said_when_the_dashboard_stops()
    {
        var recording = New();
        var running = recording.RunAsync(_stop.Token);
        recording.Begin();
        for (var i = 0; i < 6_000; i++)
        {
            recording.Take(Login(i));
            if (i % 1_000 == 999)
            {
                await ReadUntilAsync(i);
            }
        }

        await EndAsync(running);

        Assert.Equal(5_000, Count(HostVerbs.Login));
        Assert.Equal(1_000, Lines(HostVerbs.LeftOut).Sum(line => int.Parse(line.Action!.Details["count"], System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task A_unit_that_fails_again_and_again_is_told_once_in_ten_minutes()
    {
        var recording = New();
        var running = recording.RunAsync(_stop.Token);
        recording.Begin();

        for (var minute = 0; minute < 12; minute++)
        {
            recording.Take(Failure(minute));
        }

        await ReadUntilAsync(11);
        Assert.Equal(2, Count(HostVerbs.UnitFailed));
        await EndAsync(running);
    }

    [Fact]
    public async Task Entries_and_their_place_are_written_together_and_what_an_ended_connection_left_waiting_is_not_written_twice()
    {
        var recording = New();
        Assert.Null(recording.Begin());
        recording.Take(Login(1));
        Assert.Null(recording.Begin());
        recording.Take(Login(1));
        var running = recording.RunAsync(_stop.Token);
        await ReadUntilAsync(1);
        await EndAsync(running);

        Assert.Equal(1, Count(HostVerbs.Login));
        Assert.Equal("i=1", New().Begin()?.Text);
    }

    [Fact]
    public async Task What_could_not_be_appended_is_tried_again_in_its_order_without_a_new_connection()
    {
        await _ledger.ActAsync(3);
        _ledger.Tamper("UPDATE log SET size = 2");
        var recording = New();
        var running = recording.RunAsync(_stop.Token);
        recording.Begin();
        recording.Take(Login(1));
        await Eventually.TrueAsync(() => _log.HasError);
        recording.Take(Login(2));
        _ledger.Tamper("UPDATE log SET size = 3");

        await Eventually.TrueAsync(() =>
        {
            _ledger.Clock.Advance(TimeSpan.FromSeconds(10));
            return New().Begin()?.Text == "i=2";
        });

        Assert.Equal(2, Count(HostVerbs.Login));
        await EndAsync(running);
    }

    public async ValueTask DisposeAsync()
    {
        await _ledger.DisposeAsync();
        _stop.Dispose();
    }

    private ServerRecording New() => new(_server, _ledger.Store, new Fleet(), static (_, _) => throw new ConnectionException(new ConnectionFault(ConnectionFaultKind.Unreachable, "Nobody is reached here.")), _ledger.Clock, _log);

    private static LoggedEntry Login(int number) => Entry(number) with
    {
        Program = "sshd",
        Words = new JournalWords(null, "", null, 6, "sshd", "Accepted publickey for root from 10.0.0.7 port 40022 ssh2"),
    };

    private static LoggedEntry Failure(int minute) => Entry(minute) with
    {
        Program = "systemd",
        Pid = 1,
        Words = new JournalWords(DateTimeOffset.UnixEpoch.AddMinutes(minute), "d9b373ed55a64feb8242e02dbe79a49c", UnitName.Parse("a.service"), 4, "systemd", "a.service: Failed with result 'exit-code'."),
    };

    private static LoggedEntry Entry(int number) => LoggedEntry.Mark(JournalCursor.TryParse($"i={number}", out var cursor) ? cursor : default, Boot) with { Uid = 0 };

    private Task ReadUntilAsync(int number) => Eventually.TrueAsync(() => New().Begin()?.Text == $"i={number}");

    private async Task EndAsync(Task running)
    {
        await _stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private int Count(string verb) => _ledger.Ask<long>($"SELECT count(*) FROM entry WHERE type = '{verb}'") is var count ? (int)count : 0;

    private IReadOnlyList<LedgerLine> Lines(string verb) => _ledger.Queries.Page(TestLedger.Ours, new LedgerFilter { Type = verb }).Lines;

    private sealed class ErrorLog : ILogger
    {
        private volatile bool _hasError;

        public bool HasError => _hasError;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => _hasError |= logLevel == LogLevel.Error;
    }
}
