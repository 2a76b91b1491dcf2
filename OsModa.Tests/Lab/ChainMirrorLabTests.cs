using OsModa.Core.Ledger.Chains;
using OsModa.Core.Observation;
using OsModa.Tests.Ledger.Mirror;
using OsModa.Tests.Observation;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>A database as agentd writes it, on a real server that has no SQLite, read over OpenSSH by what the observer tells.</summary>
[Trait("Tier", "lab")]
public sealed class ChainMirrorLabTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agentd-lab-").FullName;
    private LedgerLab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await LedgerLab.UpAsync();

    public async ValueTask DisposeAsync()
    {
        await _lab.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(ChainFormat.Concatenated)]
    [InlineData(ChainFormat.Piped)]
    public async Task What_agentd_writes_is_copied_as_it_comes_and_an_edited_event_is_an_alarm_in_the_state_of_the_server(ChainFormat format)
    {
        using var agent = new AgentLedger(_folder, format);
        agent.Append(500);
        await PutAsync();
        await SeesAsync(s => s.Chain is { Status: ChainStatus.Verified, Copied: 500 });

        agent.Append(3);
        await PutAsync();
        await SeesAsync(s => s.Chain is { Status: ChainStatus.Verified, Copied: 503 });

        await _lab.DisconnectAsync();
        agent.Run("UPDATE events SET actor = 'mallory' WHERE id = 7");
        agent.Rehash(7, format);
        await PutAsync();
        await _lab.ConnectAsync();

        var state = await SeesAsync(s => s.Chain is { Status: ChainStatus.Rewritten, Epoch: 2 });
        Assert.Equal(7, state.Chain!.AtId);
    }

    private Task<ServerState> SeesAsync(Func<ServerState, bool> wanted) => _lab.Fleet.UntilAsync(_lab.Server.Id, wanted, ObservedServer.Ceiling);

    // SQLite writes on this machine, the server gets the files: its base tree has no SQLite either.
    private async Task PutAsync()
    {
        foreach (var file in (string[])["ledger.db-wal", "ledger.db"])
        {
            var path = Path.Combine(_folder, file);
            var text = File.Exists(path) ? Convert.ToBase64String(await ReadAsync(path)) : "";
            await _lab.Machine.ShellAsync($"mkdir -p /var/lib/osmoda; : >/var/lib/osmoda/{file}.new");
            foreach (var part in text.Chunk(100_000))
            {
                await _lab.Machine.ShellAsync($"printf %s '{new string(part)}' | base64 -d >>/var/lib/osmoda/{file}.new");
            }
        }

        await _lab.Machine.ShellAsync("cd /var/lib/osmoda; cat ledger.db-wal.new >ledger.db-wal; cat ledger.db.new >ledger.db; rm *.new");
    }

    private static async Task<byte[]> ReadAsync(string path)
    {
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        await stream.ReadExactlyAsync(bytes);
        return bytes;
    }
}
