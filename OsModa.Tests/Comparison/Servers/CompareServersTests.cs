using OsModa.Core.Accounts;
using OsModa.Core.Comparison;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Tests.Operations;
using OsModa.Tests.Storage;
using Xunit;

namespace OsModa.Tests.Comparison;

public sealed class CompareServersTests : IAsyncLifetime
{
    private static readonly StorePath Old = StorePath.Parse("/nix/store/00000000000000000000000000000000-nixos-system-web1-1"), New = StorePath.Parse("/nix/store/11111111111111111111111111111111-nixos-system-web2-1");

    private readonly Fleet _fleet = new();
    private readonly ScriptedShell _shell = new() { Answer = (_, arguments) => Whole(arguments[1]) };
    private TemporaryDatabase _database = null!;
    private Caller _ann = null!;
    private Server _web1 = null!, _web2 = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TemporaryDatabase.OpenAsync();
        _ann = await _database.CallerAsync();
        (_web1, _web2) = (await AddAsync(_ann, "web1"), await AddAsync(_ann, "web2"));
        Runs(_web1, Old);
        Runs(_web2, New);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Each_server_is_asked_for_all_of_its_own_system_and_once()
    {
        var compare = Verb();

        var difference = Assert.IsType<CompareServersResult.Compared>(await RunAsync(compare, _web1, _web2)).Difference;
        Assert.IsType<CompareServersResult.Compared>(await RunAsync(compare, _web2, _web1));

        Assert.Equal((Old, New), (difference.From, difference.To));
        Assert.Equal("hosts", Assert.Single(difference.Files).Path);
        Assert.Equal([$"- {Old}", $"- {New}"], _shell.Asked.Select(asked => string.Join(' ', asked.Arguments)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_new_system_is_read_anew()
    {
        var compare = Verb();
        await RunAsync(compare, _web1, _web2);

        Runs(_web2, Old);
        var difference = Assert.IsType<CompareServersResult.Compared>(await RunAsync(compare, _web1, _web2)).Difference;

        Assert.Equal(3, _shell.Asked.Count);
        Assert.Empty(difference.Files);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Another_organisations_server_does_not_exist_on_either_side(bool first)
    {
        var theirs = await AddAsync(await _database.CallerAsync(), "theirs");
        Runs(theirs, New);

        var result = await (first ? RunAsync(Verb(), theirs, _web1) : RunAsync(Verb(), _web1, theirs));

        Assert.IsType<CompareServersResult.NoServer>(result);
        Assert.Empty(_shell.Asked);
    }

    [Fact]
    public async Task One_that_was_never_heard_is_named()
    {
        var web3 = await AddAsync(_ann, "web3");

        Assert.Equal("web3", Assert.IsType<CompareServersResult.Unheard>(await RunAsync(Verb(), _web1, web3)).Server.Name);
    }

    [Fact]
    public async Task One_whose_system_was_collected_is_named()
    {
        _shell.Answer = (_, arguments) => arguments[1] == New.Text ? [$"gone\t{New}"] : Whole(arguments[1]);

        Assert.Equal("web2", Assert.IsType<CompareServersResult.Gone>(await RunAsync(Verb(), _web1, _web2)).Server.Name);
    }

    [Fact]
    public async Task One_that_cannot_be_asked_is_named_and_the_other_is_not_read_again()
    {
        var compare = Verb();
        _shell.Answer = (_, arguments) => arguments[1] == New.Text ? throw new ConnectionException(new ConnectionFault(ConnectionFaultKind.TimedOut, "away")) : Whole(arguments[1]);

        var failed = Assert.IsType<CompareServersResult.Failed>(await RunAsync(compare, _web1, _web2));
        _shell.Answer = (_, arguments) => Whole(arguments[1]);
        Assert.IsType<CompareServersResult.Compared>(await RunAsync(compare, _web1, _web2));

        Assert.Equal(("web2", "away"), (failed.Server.Name, failed.Fault.Detail));
        Assert.Single(_shell.Asked, asked => asked.Arguments[1] == Old.Text);
    }

    [Fact]
    public async Task An_answer_that_ends_in_the_middle_is_a_fault()
    {
        _shell.Answer = (_, arguments) => Whole(arguments[1]).SkipLast(1);

        Assert.Equal(ConnectionFaultKind.Misbehaving, Assert.IsType<CompareServersResult.Failed>(await RunAsync(Verb(), _web1, _web2)).Fault.Kind);
    }

    private static IEnumerable<string> Whole(string system) =>
    [
        "closure\tto\tjson", $"={{\"{system}\":{{\"narSize\":1,\"references\":[]}}}}", "closures-end",
        $"entry\tto\tetc/hosts\tl\tf\t777\t{system}/hosts", "entry\tto\tetc/same\tl\tf\t777\t/nix/store/same", "entries-end",
        "texts\tto", "file\t3\tetc/hosts", "file\t3\tetc/same", $"etc/hosts\0{system[11..14]}", "etc/same\0abc", "texts-end",
    ];

    private CompareServers Verb() => new(new ServerDirectory(_database.Database), _fleet, (_, _) => ValueTask.FromResult<IRemoteShell>(_shell), new ComparisonPlaces(), TimeProvider.System);

    private Task<CompareServersResult> RunAsync(CompareServers compare, Server from, Server to) => compare.RunAsync(_ann, from.Id, to.Id, TestContext.Current.CancellationToken);

    private void Runs(Server server, StorePath system) => _fleet.Update(server.Id, state => state with { Pins = new SystemPins(system, system, system, 1, false) });

    private async Task<Server> AddAsync(Caller caller, string name)
    {
        var server = new Server { Id = ServerId.New(), OrganisationId = caller.OrganisationId, Name = name, Address = "192.0.2.1", Login = "root", AddedAt = DateTimeOffset.UnixEpoch };
        await using var context = _database.Database.OpenFor(caller);
        context.Servers.Add(server);
        await context.SaveChangesAsync(TestContext.Current.CancellationToken);
        return server;
    }
}
