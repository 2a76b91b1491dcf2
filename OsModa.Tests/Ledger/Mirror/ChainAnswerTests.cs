using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using OsModa.Core.Ledger.Mirror;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Ledger.Mirror;

/// <summary>What a server that means harm can answer about its own ledger.</summary>
public sealed class ChainAnswerTests
{
    private const string State = "state 8192 1768478400.000000000 12 0 -";
    private const int Asked = 65_536;
    private static readonly string[] Empty = [.. Part(0)];

    [Fact]
    public async Task Parts_that_unpack_to_far_more_than_was_asked_for_are_refused_before_they_take_memory()
    {
        string[] bomb = [.. Part(ChainAnswer.PartMost)];
        string[] lines = [State, .. Enumerable.Repeat(bomb, 50).SelectMany(static part => part), State];

        var before = GC.GetAllocatedBytesForCurrentThread();
        var answer = AskAsync(lines);      // all of it happens on this thread
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        await Assert.ThrowsAsync<ForeignDatabaseException>(() => answer);
        Assert.InRange(allocated, 0, 8L << 20);
    }

    [Fact]
    public async Task A_part_may_have_as_many_bytes_as_were_asked_for_and_no_more()
    {
        var answer = await AskAsync([State, .. Part(Asked), State]);

        Assert.Equal(Asked, Assert.Single(answer.Parts).Bytes.Length);
        await Assert.ThrowsAsync<ForeignDatabaseException>(() => AskAsync([State, .. Part(Asked + 1), State]));
    }

    [Fact]
    public async Task More_parts_or_more_states_than_were_asked_for_are_refused()
    {
        await Assert.ThrowsAsync<ForeignDatabaseException>(() => AskAsync([State, .. Empty, .. Empty, State]));
        await Assert.ThrowsAsync<ForeignDatabaseException>(() => AskAsync([State, .. Empty, State, State]));
    }

    private static Task<ChainAnswer> AskAsync(string[] lines) =>
        ChainAnswer.AskAsync(new Shell(lines), ["none", "-", $"db:0:{Asked}"], [Asked], TestContext.Current.CancellationToken);

    private static IEnumerable<string> Part(int zeros)
    {
        using var packed = new MemoryStream();
        using (var packing = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            packing.Write(new byte[zeros]);
        }

        return ["part db 0", .. packed.ToArray().Chunk(24_576).Select(static bytes => Convert.ToBase64String(bytes)), "."];
    }

    private sealed class Shell(string[] lines) : IRemoteShell, IRemoteRun
    {
        public Task<int> ExitStatus => Task.FromResult(0);

        public Task<IRemoteRun> StartAsync(RemoteScript script, IReadOnlyList<string> arguments, CancellationToken cancellationToken) => Task.FromResult<IRemoteRun>(this);

        public Task<IRemoteRun> StartOnNewConnectionAsync(RemoteScript script, IReadOnlyList<string> arguments, CancellationToken cancellationToken) => StartAsync(script, arguments, cancellationToken);

        public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadLinesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            foreach (var line in lines)
            {
                await Task.CompletedTask;
                yield return Encoding.UTF8.GetBytes(line);
            }
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
