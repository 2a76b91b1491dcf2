using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Ssh;

public sealed class ChildProcessTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_child_sees_nothing_of_our_environment_but_the_path()
    {
        await using var child = ChildProcess.Start("/usr/bin/env", []);
        var lines = new LineReader(child.Output);
        var names = new List<string>();
        while (await lines.ReadLineAsync(Cancelled) is { } line)
        {
            names.Add(System.Text.Encoding.UTF8.GetString(line).Split('=')[0]);
        }

        Assert.Equal(["LC_ALL", "PATH", "SHELL"], names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Its_exit_status_and_complaints_are_told()
    {
        await using var child = ChildProcess.Start("/bin/sh", ["-c", "echo no >&2; exit 3"]);

        Assert.Equal(3, await child.Ended);
        Assert.Equal("no\n", child.Errors);
    }

    [Fact]
    public async Task Of_its_complaints_the_first_16_KiB_are_kept()
    {
        await using var child = ChildProcess.Start("/bin/sh", ["-c", "head -c 100000 /dev/zero | tr '\\0' x >&2"]);
        await child.Ended;

        Assert.Equal(16 * 1024, child.Errors.Length);
        Assert.False(child.Flooded);
    }

    [Fact]
    public async Task One_that_complains_without_end_is_killed()
    {
        await using var child = ChildProcess.Start("/bin/cat", ["/dev/zero", "-"]);
        await using var loud = ChildProcess.Start("/bin/sh", ["-c", "exec cat /dev/zero >&2"]);

        await loud.Ended.WaitAsync(TimeSpan.FromSeconds(20), Cancelled);

        Assert.True(loud.Flooded);
        Assert.False(child.Ended.IsCompleted);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_told_as_our_own_trouble()
    {
        var fault = Assert.Throws<ConnectionException>(() => ChildProcess.Start("/nowhere/ssh", [])).Fault;
        Assert.Equal(ConnectionFaultKind.Ours, fault.Kind);

        var programs = SshPrograms.Find() with { Setpriv = null };
        Assert.Equal(ConnectionFaultKind.Ours, (await Assert.ThrowsAsync<ConnectionException>(() => ChildProcess.StartBoundAsync(programs, "/nowhere/ssh", []))).Fault.Kind);
    }

    [Fact]
    public async Task Two_hundred_that_say_nothing_cost_no_threads()
    {
        var before = ThreadPool.ThreadCount;
        var sleepers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => ChildProcess.Start("/bin/sh", ["-c", "echo here; exec sleep 1000"]))));
        var readers = sleepers.Select(s => new LineReader(s.Output)).ToList();
        foreach (var reader in readers)
        {
            Assert.NotNull(await reader.ReadLineAsync(Cancelled));
        }

        using var enough = new CancellationTokenSource();
        var waiting = readers.ConvertAll(r => r.ReadLineAsync(enough.Token).AsTask());

        Assert.InRange(ThreadPool.ThreadCount - before, int.MinValue, 40);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(waiting));
        await Task.WhenAll(sleepers.Select(s => s.DisposeAsync().AsTask()));
    }
}
