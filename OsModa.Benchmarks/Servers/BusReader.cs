using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using OsModa.E2E.Running;

namespace OsModa.Benchmarks.Servers;

/// <summary><c>busctl monitor</c> over ssh with nothing behind it: the least time in which news of a unit can reach this machine.</summary>
internal sealed class BusReader : IAsyncDisposable
{
    private const string Command = "busctl monitor --json=short --match=\"type='signal',interface='org.freedesktop.DBus.Properties',member='PropertiesChanged',arg0='org.freedesktop.systemd1.Unit'\"";

    private readonly Process _ssh;
    private readonly Task _reading;
    private readonly ConcurrentDictionary<(long StateChange, string State), long> _arrivals = new();

    private BusReader(Process ssh)
    {
        _ssh = ssh;
        _reading = ReadAsync();
    }

    public static BusReader Open(OpenMaster server) => new(server.Start(Command));

    /// <summary>When the signal about the change that systemd stamped with <paramref name="stateChange"/> was read.</summary>
    public async Task<long> ArrivalOfAsync(long stateChange, string state)
    {
        var arrival = 0L;
        await Until.TrueAsync($"news of {stateChange} on the bus", TimeSpan.FromSeconds(10), () => Task.FromResult(_arrivals.TryGetValue((stateChange, state), out arrival)));
        return arrival;
    }

    public async ValueTask DisposeAsync()
    {
        _ssh.Kill();
        await _reading;
        _ssh.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _ssh.StandardOutput.ReadLineAsync() is { } line)
        {
            var now = ServerClock.Now;
            if (line.Length == 0 || !line.StartsWith('{'))
            {
                continue;
            }

            using var message = JsonDocument.Parse(line);
            if (!message.RootElement.TryGetProperty("payload", out var payload) || payload.GetProperty("data")[1] is not { ValueKind: JsonValueKind.Object } changed)
            {
                continue;
            }

            if (changed.TryGetProperty("StateChangeTimestamp", out var stamp) && changed.TryGetProperty("ActiveState", out var state))
            {
                _arrivals.TryAdd((stamp.GetProperty("data").GetInt64(), state.GetProperty("data").GetString()!), now);
            }
        }
    }
}
