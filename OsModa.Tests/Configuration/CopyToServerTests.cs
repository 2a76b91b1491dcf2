using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Configuration;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Core.Storage;
using OsModa.Tests.Operations;
using Xunit;

namespace OsModa.Tests.Configuration;

/// <summary>What another server built is copied in pieces: people see how much has arrived, and can end it.</summary>
public sealed class CopyToServerTests : IAsyncDisposable
{
    private const string System = "/nix/store/00000000000000000000000000000000-nixos-system-web1-25.05";
    private const long Piece = 1024 * 1024, Pieces = 20;
    private static readonly string Pack = new('e', 64);

    private readonly OperationRoom _room = OperationRoom.OpenAsync().GetAwaiter().GetResult();
    private readonly CheckWatch _watch;
    private readonly RunCheck _check;
    private readonly Guid _run = Guid.CreateVersion7();
    private long _have, _packed = Piece * Pieces;
    private string _place = "room";

    public CopyToServerTests()
    {
        var repositories = new ConfigurationRepositories(new StorageSettings { Folder = Directory.CreateTempSubdirectory("osmoda-copy-").FullName });
        var rows = new CheckRows(_room.Database, _room.Ledger.Writer, TimeProvider.System);
        _watch = new CheckWatch(_room.Fleet, Shells, rows, new CheckHistory(_room.Database), new CopyClosure(Shells), repositories, TimeProvider.System, NullLogger<CheckWatch>.Instance);
        _check = new RunCheck(_room.Database, _room.Fleet, Shells, repositories, _watch, rows, _room.Ledger.Writer, TimeProvider.System);
        _room.Shell.Answer = (script, arguments) => (script, arguments[0]) switch
        {
            ("follow-check.sh", _) => ["1.00\tbegin", $"2.00\tsystem\t{System}", "3.00\tdone\tpassed\t"],
            ("export.sh", "list") => [$"{System} {Piece * Pieces}"],
            ("import.sh", "missing") => [System],
            ("export.sh", "pack") => [$"{_packed} {Pack}"],
            ("import.sh", "room") => [_place],
            ("export.sh", "piece") => ["AAAA"],
            ("import.sh", "have") => [$"{_have}"],
            ("import.sh", "piece") => [Arrived()],
            ("import.sh", "take") => ["taken"],
            _ => [],
        };
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ShellOf Shells => (_, _) => ValueTask.FromResult<IRemoteShell>(_room.Shell);

    /// <summary>Called when so many pieces have arrived.</summary>
    private (long Pieces, Action Call)? After { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _watch.DisposeAsync();
        await _room.DisposeAsync();
    }

    [Fact]
    public async Task How_much_has_arrived_is_told_while_it_arrives()
    {
        CopyProgress? seen = null;
        After = (Pieces / 2, () => seen = _watch.ReadAsync(_room.Ann, _run, Stop).GetAwaiter().GetResult()?.Copy);

        var ended = await RunAsync();

        Assert.True(ended.State == CheckState.Passed, ended.Outcome);
        Assert.Equal(new CopyProgress(Piece * ((Pieces / 2) - 1), Piece * Pieces), seen);
        Assert.Equal(StepState.Passed, ended.Steps[^1].State);
        // By its own name, not by that of the run: another run goes on where this one ended.
        Assert.Equal([Pack], _room.Shell.Asked.Where(asked => asked.Script == "import.sh" && asked.Arguments[0] != "missing").Select(asked => asked.Arguments[2]).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_copy_that_a_person_stops_ends_at_once_and_what_has_arrived_is_not_sent_again()
    {
        string? why = "not asked";
        After = (3, () => why = _check.CancelAsync(_room.Ann, _run, Stop).GetAwaiter().GetResult());

        var ended = await RunAsync();

        Assert.Null(why);
        Assert.Equal((CheckState.Cancelled, "It was stopped while the system was copied to its server."), (ended.State, ended.Outcome));
        Assert.Equal(StepState.Failed, ended.Steps[^1].State);
        Assert.True(_have < Piece * Pieces);
        Assert.DoesNotContain(_room.Shell.Asked, asked => asked.Arguments[0] == "take");
        Assert.Equal("It is over already.", await _check.CancelAsync(_room.Ann, _run, Stop));
    }

    [Theory]
    [InlineData(1L << 60, "room", "The builder packed 1,152,921,504,606,846,976 bytes, which is more than the paths have that are missing here. Nothing was sent.")]
    [InlineData(Piece * Pieces, "It takes 20 MiB, and its disk has no room for that.", "The system was not sent to its server: It takes 20 MiB, and its disk has no room for that.")]
    public async Task Nothing_is_sent_that_is_larger_than_it_can_be_or_than_there_is_room_for(long packed, string place, string why)
    {
        (_packed, _place) = (packed, place);

        var ended = await RunAsync();

        Assert.Contains(why, ended.Outcome, StringComparison.Ordinal);
        Assert.Equal(0, _have);
    }

    private string Arrived()
    {
        _have += Piece;
        if (After is { } after && _have == after.Pieces * Piece)
        {
            after.Call();
        }

        return $"{_have}";
    }

    private async Task<CheckProgress> RunAsync()
    {
        var row = new CheckRun
        {
            Id = _run, OrganisationId = _room.Server.OrganisationId, ServerId = _room.Server.Id, BuilderId = ServerId.New(), Commit = new string('a', 40), IsDraft = false, AuthorId = _room.Ann.PersonId, AuthorName = "Ann", StartedAt = TimeProvider.System.GetUtcNow(),
        };
        var context = _room.Database.OpenForAll();
        await using (context)
        {
            context.CheckRuns.Add(row);
            await context.SaveChangesAsync(Stop);
        }

        _watch.Follow(row);
        CheckProgress? last = null;
        await foreach (var progress in _watch.FollowAsync(_room.Ann, _run, Stop))
        {
            last = progress;
        }

        return last!;
    }
}
