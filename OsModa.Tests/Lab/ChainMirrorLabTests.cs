using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Mirror;
using OsModa.Core.Ledger.Servers;
using OsModa.Core.Observation;
using OsModa.Tests.Ledger;
using OsModa.Tests.Ledger.Mirror;
using OsModa.Tests.Ledger.Servers;
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

    [Fact]
    public async Task What_teachd_tells_of_is_held_against_what_agentd_wrote_and_only_asked_for()
    {
        using var agent = new AgentLedger(_folder);
        agent.Append(1, "{\"backup_id\":\"b1\"}", "backup.create");
        await PutAsync();
        await SeesAsync(s => s.Chain is { Status: ChainStatus.Verified, Copied: 1 });
        var stop = TestContext.Current.CancellationToken;
        Assert.False(await _lab.Recording.Tools.LookAsync(stop));

        var now = TimeProvider.System.GetUtcNow();
        await TeachAsync($"[{TeachdShell.Call("act-3", now, "shell_exec")},{TeachdShell.Call("act-2", now, "backup_create")},{TeachdShell.Call("act-1", now, "file_read")}]");
        Assert.True(await _lab.Recording.Tools.LookAsync(stop));
        Assert.True(await _lab.Recording.Tools.LookAsync(stop));

        Assert.Equal(["shell_exec", "backup_create"], _lab.Lines(HostVerbs.Tool).Select(static line => line.Action!.Details["tool"]));
        var report = new Coverage(_lab.Ledger.Store, _lab.Ledger.Queries).Read(TestLedger.Ours, _lab.Server.Id.Value, now + TimeSpan.FromMinutes(10));
        Assert.Equal(2, report.Calls);
        Assert.Equal("shell_exec", Assert.Single(report.NotAudited, static line => line.Type == HostVerbs.Tool).Action!.Details["tool"]);
        Assert.All((await _lab.Machine.ShellAsync("cat /var/lib/osmoda/asked")).Trim().Split('\n'), static asked => Assert.StartsWith("GET /actions?since=", asked, StringComparison.Ordinal));
    }

    // What answers as teachd does: that is the program which the lab's agents are written with.
    private Task<string> TeachAsync(string actions) => _lab.Machine.ShellAsync(
        $$"""
        mkdir -p /run/osmoda
        cat >/var/lib/osmoda/actions.json <<'END'
        {{actions}}
        END
        cat >/var/lib/osmoda/teachd.pl <<'END'
        use strict;
        use warnings;
        use IO::Socket::UNIX;
        my $server = IO::Socket::UNIX->new(Local => '/run/osmoda/teachd.sock', Listen => 4) or die "cannot listen: $!";
        while (1) {
            my $client = $server->accept or next;
            my $request = <$client> // '';
            while (defined(my $header = <$client>)) { last if $header =~ /^\r?\n$/ }
            open(my $asked, '>>', '/var/lib/osmoda/asked'); print $asked $request; close $asked;
            open(my $file, '<', '/var/lib/osmoda/actions.json'); my $json = do { local $/; <$file> }; close $file;
            print $client "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ", length $json, "\r\nConnection: close\r\n\r\n$json";
            close $client;
        }
        END
        systemd-run --unit=osmoda-teachd /usr/bin/perl /var/lib/osmoda/teachd.pl
        until [ -S /run/osmoda/teachd.sock ]; do sleep 0.1; done
        """);

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
