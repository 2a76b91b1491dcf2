using System.Diagnostics;
using Npgsql;
using Xunit;

[assembly: AssemblyFixture(typeof(OsModa.Tests.Storage.PostgreSqlCluster))]

namespace OsModa.Tests.Storage;

/// <summary>A PostgreSQL of the tests' own: Debian's programs, data in a temporary folder, a socket instead of a port. Started by the first test that asks.</summary>
public sealed class PostgreSqlCluster : IAsyncDisposable
{
    private static readonly string Programs = Directory.Exists("/usr/lib/postgresql")
        ? Path.Combine(Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).First(), "bin")
        : throw new InvalidOperationException("PostgreSQL is not installed: apt-get install postgresql");

    private readonly SemaphoreSlim _starting = new(1);
    private Process? _server;
    private string? _folder;

    /// <summary>Connection string to a database of this name.</summary>
    public async Task<string> ConnectionAsync(string database)
    {
        await _starting.WaitAsync();
        try
        {
            if (_server is null)
            {
                await StartAsync();
            }
        }
        finally
        {
            _starting.Release();
        }

        return new NpgsqlConnectionStringBuilder { Host = _folder, Database = database, Username = "postgres", Pooling = false }.ToString();
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(await ConnectionAsync("postgres"));
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            var postmaster = (await File.ReadAllLinesAsync(Path.Combine(_folder!, "data", "postmaster.pid")))[0];
            await RunAsync("kill", "-QUIT", postmaster);
            await _server.WaitForExitAsync();
            _server.Dispose();
            Directory.Delete(_folder!, recursive: true);
        }

        _starting.Dispose();
    }

    private async Task StartAsync()
    {
        // PostgreSQL refuses to run as root, so everything is its own user's.
        _folder = (await RunAsync([.. AsPostgres, "mktemp", "-d", "/tmp/osmoda-postgresql-XXXXXX"])).Trim();
        var data = Path.Combine(_folder, "data");
        await RunAsync([.. AsPostgres, Path.Combine(Programs, "initdb"), "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-locale", "--no-sync"]);
        // Whatever becomes of the tests, it is gone in half an hour.
        _server = Start(["timeout", "--signal=QUIT", "1800", .. AsPostgres, Path.Combine(Programs, "postgres"), "-D", data, "-k", _folder, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=200"]);
        var ready = Path.Combine(Programs, "pg_isready");
        var started = Stopwatch.GetTimestamp();
        while (await ExitAsync(Start([ready, "-q", "-h", _folder, "-t", "1"])) != 0)
        {
            Assert.False(_server.HasExited, "PostgreSQL ended by itself.");
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(60), "PostgreSQL is not ready after a minute.");
        }
    }

    private static string[] AsPostgres => Environment.UserName == "root" ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"] : [];

    private static Process Start(string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/tmp" };
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task<int> ExitAsync(Process process)
    {
        using (process)
        {
            await process.WaitForExitAsync();
            return process.ExitCode;
        }
    }

    private static async Task<string> RunAsync(params string[] command)
    {
        using var process = Start(command);
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', command)} ended with {process.ExitCode}");
        return output;
    }
}
