using System.Collections.Concurrent;
using System.Diagnostics;

namespace OsModa.Core.Ssh;

/// <summary>
/// Starts processes from one thread that lives as long as we do. The kernel ties "end with the parent" (PR_SET_PDEATHSIG) to the
/// thread that started the child, and threads of the pool come and go.
/// </summary>
internal static class LastingThread
{
    private static readonly BlockingCollection<(ProcessStartInfo What, TaskCompletionSource<Process> Done)> Queue = Begin();

    public static Task<Process> StartAsync(ProcessStartInfo what)
    {
        var done = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Queue.Add((what, done));
        return done.Task;
    }

    private static BlockingCollection<(ProcessStartInfo, TaskCompletionSource<Process>)> Begin()
    {
        var queue = new BlockingCollection<(ProcessStartInfo What, TaskCompletionSource<Process> Done)>();
        new Thread(() =>
        {
            foreach (var (what, done) in queue.GetConsumingEnumerable())
            {
                try
                {
                    done.SetResult(Process.Start(what) ?? throw new InvalidOperationException($"{what.FileName} did not start."));
                }
                catch (Exception e)
                {
                    // Whoever asked for it hears of it; nobody stands above this thread.
                    done.SetException(e);
                }
            }
        })
        { IsBackground = true, Name = "start of ssh" }.Start();
        return queue;
    }
}
