using OsModa.Core.Accounts;
using OsModa.Core.Configuration;
using OsModa.Core.Servers;
using OsModa.Tests.Operations;
using Xunit;

namespace OsModa.Tests.Configuration;

/// <summary>What a commit made of a server is found by the commit's first digits, by those who may see the server.</summary>
public sealed class CheckHistoryTests : IAsyncDisposable
{
    private const string Digits = "0123456789abcdef0123456789abcdef01234567";
    private readonly OperationRoom _room = OperationRoom.OpenAsync().GetAwaiter().GetResult();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private CheckHistory History => new(_room.Database);

    public ValueTask DisposeAsync() => _room.DisposeAsync();

    [Fact]
    public async Task The_newest_build_of_a_commit_is_found_by_its_first_digits()
    {
        await RunAsync("old");
        await RunAsync("new");

        Assert.Equal(System("new"), (await BuiltAsync("0123456"))?.System);
        Assert.Equal(System("new"), (await BuiltAsync(Digits))?.System);
        Assert.Null(await BuiltAsync("1234567"));
    }

    [Fact]
    public async Task A_draft_and_a_run_that_did_not_pass_are_not_what_a_commit_makes()
    {
        await RunAsync("draft", isDraft: true);
        await RunAsync("failed", state: CheckState.Failed);

        Assert.Null(await BuiltAsync("0123456"));
    }

    [Fact]
    public async Task Neither_another_organisation_nor_another_server_has_it()
    {
        await RunAsync("new");

        Assert.Null(await History.BuiltAsync(new Caller(Guid.NewGuid(), "Eve", Guid.NewGuid(), Role.Owner), _room.Server.Id, Prefix("0123456"), Stop));
        Assert.Null(await History.BuiltAsync(_room.Ann, ServerId.New(), Prefix("0123456"), Stop));
    }

    [Theory]
    [InlineData("012345")]
    [InlineData("0123456z")]
    [InlineData("ABCDEF0")]
    [InlineData("%2525252")]
    [InlineData("")]
    [InlineData(null)]
    public void What_is_no_commit_is_refused(string? text) => Assert.False(CommitPrefix.TryParse(text, out _));

    private static CommitPrefix Prefix(string text) => CommitPrefix.TryParse(text, out var prefix) ? prefix : throw new ArgumentException(text, nameof(text));

    private static string System(string name) => $"/nix/store/00000000000000000000000000000000-nixos-system-{name}";

    private Task<CheckRun?> BuiltAsync(string prefix) => History.BuiltAsync(_room.Ann, _room.Server.Id, Prefix(prefix), Stop);

    private async Task RunAsync(string name, bool isDraft = false, CheckState state = CheckState.Passed)
    {
        _room.Clock.Advance(TimeSpan.FromSeconds(1));
        var context = _room.Database.OpenForAll();
        await using (context)
        {
            context.CheckRuns.Add(new CheckRun
            {
                Id = Guid.CreateVersion7(), OrganisationId = _room.Server.OrganisationId, ServerId = _room.Server.Id, Commit = Digits, IsDraft = isDraft,
                AuthorId = _room.Ann.PersonId, AuthorName = "Ann", StartedAt = _room.Clock.GetUtcNow(), State = state, System = System(name),
            });
            await context.SaveChangesAsync(Stop);
        }
    }
}
