using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using OsModa.Core.Ssh;

namespace OsModa.Tests.Ledger.Servers;

/// <summary>A server that answers tool-calls.sh with these lines.</summary>
internal sealed class TeachdShell : IRemoteShell, IRemoteRun
{
    public IReadOnlyList<string> Lines { get; set; } = ["none"];

    /// <summary>What teachd says.</summary>
    public string Says
    {
        set => Lines = ["part", .. Packed(Encoding.UTF8.GetBytes(value)), "."];
    }

    /// <summary>After that it says nothing, and does not end.</summary>
    public bool IsStalled { get; set; }

    /// <summary>From when on it was asked, each time.</summary>
    public List<string> Asked { get; } = [];

    public Task<int> ExitStatus => Task.FromResult(0);

    public static IEnumerable<string> Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var packing = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            packing.Write(bytes);
        }

        return packed.ToArray().Chunk(24_576).Select(static some => Convert.ToBase64String(some));
    }

    /// <summary>As teachd writes a call.</summary>
    public static string Call(string id, DateTimeOffset at, string tool, bool success = true) =>
        $$"""{"id":"{{id}}","ts":"{{at.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff}}456789Z","session_id":"s-1","tool":"{{tool}}","params":{"command":"echo hunter2"},"result_summary":"hunter2","context":null,"success":{{(success ? "true" : "false")}}}""";

    public Task<IRemoteRun> StartAsync(RemoteScript script, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        Asked.Add(arguments[0]);
        return Task.FromResult<IRemoteRun>(this);
    }

    public Task<IRemoteRun> StartOnNewConnectionAsync(RemoteScript script, IReadOnlyList<string> arguments, CancellationToken cancellationToken) => StartAsync(script, arguments, cancellationToken);

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadLinesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var line in Lines)
        {
            await Task.CompletedTask;
            yield return Encoding.UTF8.GetBytes(line);
        }

        if (IsStalled)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
