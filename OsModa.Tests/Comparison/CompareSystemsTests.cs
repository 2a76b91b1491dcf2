using OsModa.Core.Accounts;
using OsModa.Core.Comparison;
using OsModa.Core.Nix;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Tests.Operations;
using OsModa.Tests.Storage;
using Xunit;

namespace OsModa.Tests.Comparison;

public sealed class CompareSystemsTests : IAsyncLifetime
{
    private static readonly StorePath Old = StorePath.Parse("/nix/store/00000000000000000000000000000000-nixos-system-web1-1"), New = StorePath.Parse("/nix/store/11111111111111111111111111111111-nixos-system-web1-2");

    private readonly ScriptedShell _shell = new() { Answer = (script, arguments) => script == "closures.sh" ? ["json", Paths] : Whole(arguments[0] == "-k") };
    private readonly TaskCompletionSource<IRemoteShell> _slow = new();
    private TemporaryDatabase _database = null!;
    private Caller _ann = null!;
    private Server _web1 = null!;

    private static string Paths => $$"""{ "{{Old}}": { "narSize": 1, "references": [] }, "{{New}}": { "narSize": 2, "references": [] } }""";

    public async ValueTask InitializeAsync()
    {
        _database = await TemporaryDatabase.OpenAsync();
        _ann = await _database.CallerAsync();
        _web1 = new Server { Id = ServerId.New(), OrganisationId = _ann.OrganisationId, Name = "web1", Address = "192.0.2.1", Login = "root", AddedAt = DateTimeOffset.UnixEpoch };
        await using var context = _database.Database.OpenFor(_ann);
        context.Servers.Add(_web1);
        await context.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task What_the_server_is_telling_already_is_not_asked_for_again()
    {
        var calls = 0;
        var compare = Verb(() => ++calls == 1 ? new ValueTask<IRemoteShell>(_slow.Task) : ValueTask.FromResult<IRemoteShell>(_shell));
        var preparing = compare.PrepareAsync(_ann, _web1.Id, [Old, New]);

        var comparing = RunAsync(compare);
        _slow.SetResult(_shell);
        await preparing;

        Assert.IsType<CompareResult.Compared>(await comparing);
        Assert.Equal([$"closures.sh {Old} {New}", $"compare.sh -k {Old} {New}"], _shell.Asked.Select(asked => $"{asked.Script} {string.Join(' ', asked.Arguments)}"));
    }

    [Fact]
    public async Task When_nothing_came_of_it_the_comparison_asks_for_itself()
    {
        var calls = 0;
        var compare = Verb(() => ++calls == 1 ? throw new ConnectionException(new ConnectionFault(ConnectionFaultKind.TimedOut, "away")) : ValueTask.FromResult<IRemoteShell>(_shell));
        await compare.PrepareAsync(_ann, _web1.Id, [Old, New]);

        Assert.IsType<CompareResult.Compared>(await RunAsync(compare));

        Assert.Equal([Old.Text, New.Text], Assert.Single(_shell.Asked).Arguments);
    }

    [Fact]
    public async Task No_more_than_two_comparisons_read_from_a_server_at_once()
    {
        var under = 0;
        var full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var compare = Verb(() =>
        {
            if (Interlocked.Increment(ref under) == ComparisonPlaces.MostAtOnce)
            {
                full.SetResult();
            }

            return new ValueTask<IRemoteShell>(_slow.Task);
        });
        StorePath[] others = [.. Enumerable.Range(0, 9).Select(n => StorePath.Parse($"/nix/store/{new string((char)('0' + n), 32)}-nixos-system-web1-{n + 10}"))];

        var comparing = others.Select(other => compare.RunAsync(_ann, _web1.Id, Old, other, static _ => { }, cancellationToken: TestContext.Current.CancellationToken)).ToList();
        await full.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal(ComparisonPlaces.MostAtOnce, Volatile.Read(ref under));
        _shell.Answer = (_, arguments) => [$"gone\t{arguments[1]}"];
        _slow.SetResult(_shell);

        Assert.All(await Task.WhenAll(comparing), result => Assert.IsType<CompareResult.Gone>(result));
        Assert.Equal(9, under);
    }

    private static IEnumerable<string> Whole(bool known) => [.. known ? [] : (string[])["closure\tboth\tjson", "=" + Paths, "closures-end"], "entries-end", "texts\tfrom", "texts\tto", "texts-end"];

    private CompareSystems Verb(Func<ValueTask<IRemoteShell>> shell) => new(new ServerDirectory(_database.Database), (_, _) => shell(), new ComparisonPlaces(), TimeProvider.System);

    private Task<CompareResult> RunAsync(CompareSystems compare) => compare.RunAsync(_ann, _web1.Id, Old, New, static _ => { }, cancellationToken: TestContext.Current.CancellationToken);
}
