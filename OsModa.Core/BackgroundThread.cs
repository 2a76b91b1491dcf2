using System.Runtime.InteropServices;

namespace OsModa.Core;

/// <summary>Long work that must not be in the way of anybody who waits: a thread of its own that the kernel lets run when nothing else wants to (setpriority(2), which on Linux is about the one thread).</summary>
internal static unsafe class BackgroundThread
{
    private const int Nicest = 19;

    public static Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken) => Task.Factory.StartNew(
        () =>
        {
            GiveWay();
            return work();
        },
        cancellationToken, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    // Where it cannot be said, the work is done all the same.
    private static void GiveWay()
    {
        if (NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "setpriority", out var setPriority))
        {
            ((delegate* unmanaged<int, uint, int, int>)setPriority)(0, 0, Nicest);
        }
    }
}
