using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Configuration;
using OsModa.Core.Operations;
using OsModa.Core.Ssh;
using OsModa.Core.Storage;
using OsModa.Tests.Operations;
using Xunit;

namespace OsModa.Tests.Configuration;

/// <summary>What a run of checks does with the repository once it is over: it pins a flake, and knows what never reached the server.</summary>
public sealed class CheckedRepositoryTests : IAsyncDisposable
{
    private readonly OperationRoom _room = OperationRoom.OpenAsync().GetAwaiter().GetResult();
    private readonly ConfigurationRepositories _repositories = new(new StorageSettings { Folder = Directory.CreateTempSubdirectory("osmoda-checked-").FullName });
    private readonly CheckWatch _watch;

    public CheckedRepositoryTests()
    {
        ShellOf shells = (_, _) => ValueTask.FromResult<IRemoteShell>(_room.Shell);
        _watch = new CheckWatch(_room.Fleet, shells, new CheckRows(_room.Database, _room.Ledger.Writer, _room.Clock), new CheckHistory(_room.Database), new CopyClosure(shells), _repositories, TimeProvider.System, NullLogger<CheckWatch>.Instance);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private CommitWords Words => new("Ann", "", _room.Clock.GetUtcNow(), "By hand", "");

    public async ValueTask DisposeAsync()
    {
        await _watch.DisposeAsync();
        await _room.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_inputs_of_a_flake_are_pinned_beside_it(bool own)
    {
        await AdoptedAsync(own);
        var folder = ServerSettings.FolderOf(_room.Server.Name);
        var repository = await _repositories.OfAsync(_room.Server.OrganisationId);
        // The other place has a lock already: it is somebody else's.
        var first = await repository.CommitAsync(null, new Dictionary<string, byte[]?>(StringComparer.Ordinal) { [own ? "flake.lock" : $"{folder}/flake.lock"] = [.. "theirs"u8] }, Words);
        _room.Shell.Answer = (_, _) => ["1.00\tbegin", "1.10\tlock", "={\"nodes\":{}}", "=", "2.00\tsystem\t/nix/store/00000000000000000000000000000000-nixos-system-web1-25.05", "3.00\tdone\tpassed\t"];

        var ended = await RunAsync(first!.Value);

        Assert.True(ended.State == CheckState.Passed, ended.Outcome);
        var files = await repository.ReadAsync((await repository.HeadAsync())!.Value, "");
        Assert.Equal("{\"nodes\":{}}\n", Encoding.UTF8.GetString(files[own ? $"{folder}/flake.lock" : "flake.lock"]));
        Assert.Equal("theirs", Encoding.UTF8.GetString(files[own ? "flake.lock" : $"{folder}/flake.lock"]));
    }

    [Theory]
    [InlineData(null, "{\"nodes\":{}}\n")]
    [InlineData("theirs", "theirs")]    // somebody pinned them meanwhile
    public async Task An_input_that_came_later_is_pinned_with_the_others(string? meanwhile, string kept)
    {
        await AdoptedAsync(own: false);
        var repository = await _repositories.OfAsync(_room.Server.OrganisationId);
        var first = await repository.CommitAsync(null, Lock("ours"), Words);
        if (meanwhile is not null)
        {
            await repository.CommitAsync(first, Lock(meanwhile), Words);
        }

        _room.Shell.Answer = (_, _) => ["1.00\tbegin", "1.10\tlock", "={\"nodes\":{}}", "=", "2.00\tsystem\t/nix/store/00000000000000000000000000000000-nixos-system-web1-25.05", "3.00\tdone\tpassed\t"];
        await RunAsync(first!.Value);

        Assert.Equal(kept, Encoding.UTF8.GetString((await repository.ReadAsync((await repository.HeadAsync())!.Value, ""))["flake.lock"]));

        static Dictionary<string, byte[]?> Lock(string text) => new(StringComparer.Ordinal) { ["flake.lock"] = Encoding.UTF8.GetBytes(text) };
    }

    [Theory]
    [InlineData("120000 blob", "a symbolic link at common.nix")]
    [InlineData("160000 commit", "a submodule at common.nix")]
    public async Task What_was_not_sent_is_named_when_an_evaluation_fails(string kind, string said)
    {
        var repository = await _repositories.OfAsync(_room.Server.OrganisationId);
        var first = (await repository.CommitAsync(null, new Dictionary<string, byte[]?>(StringComparer.Ordinal) { ["flake.nix"] = [.. "../common.nix"u8] }, Words))!.Value;
        var target = kind.EndsWith("commit", StringComparison.Ordinal) ? first.Text : await WordAsync(["rev-parse", $"{first}:flake.nix"]);
        var tree = await WordAsync(["mktree"], $"{kind} {target}\tcommon.nix\n");
        Assert.True(CommitId.TryParse(await WordAsync(["commit-tree", tree, "-F", "-"], "By hand"), out var commit));
        _room.Shell.Answer = (_, _) => ["1.00\tbegin", "1.10\tstep\toptions", "2.00\tended\toptions\tfailed", "2.10\tdone\tfailed\t"];

        var ended = await RunAsync(commit);

        Assert.Equal(CheckState.Failed, ended.State);
        Assert.Contains(said, ended.Outcome, StringComparison.Ordinal);

        async Task<string> WordAsync(string[] arguments, string input = "") => Encoding.ASCII.GetString(await repository.Git.RunAsync(arguments, Encoding.ASCII.GetBytes(input), Words.Environment)).Trim();
    }

    private async Task AdoptedAsync(bool own)
    {
        var context = _room.Database.OpenForAll();
        await using (context)
        {
            context.ServerSources.Add(new ServerSource { ServerId = _room.Server.Id, OrganisationId = _room.Server.OrganisationId, Kind = SourceKind.Flake, OwnFlake = own, FlakeName = "web1", AdoptedAt = _room.Clock.GetUtcNow() });
            await context.SaveChangesAsync(Stop);
        }
    }

    private async Task<CheckProgress> RunAsync(CommitId commit)
    {
        var row = new CheckRun
        {
            Id = Guid.CreateVersion7(), OrganisationId = _room.Server.OrganisationId, ServerId = _room.Server.Id, Commit = commit.Text, IsDraft = false, AuthorId = _room.Ann.PersonId, AuthorName = "Ann", StartedAt = _room.Clock.GetUtcNow(),
        };
        var context = _room.Database.OpenForAll();
        await using (context)
        {
            context.CheckRuns.Add(row);
            await context.SaveChangesAsync(Stop);
        }

        _watch.Follow(row);
        CheckProgress? last = null;
        await foreach (var progress in _watch.FollowAsync(_room.Ann, row.Id, Stop))
        {
            last = progress;
        }

        return last!;
    }
}
