using OsModa.Tests.Ledger.Faults;

namespace OsModa.Benchmarks.Ledger;

/// <summary>Lets each single system call on a ledger's files fail once, one process a call, until there is no such call any more. Then another process must find all that was acknowledged.</summary>
internal static class FailingCalls
{
    private const int Turns = 8;

    public static async Task<int> RunAsync(params string[] errors)
    {
        var (faults, wrong) = (0, 0);
        foreach (var calls in new[] { SystemCallFault.Writes, SystemCallFault.Syncs, SystemCallFault.Renames, SystemCallFault.Cuts })
        {
            foreach (var error in errors)
            {
                for (var nth = 1; ; nth++)
                {
                    var (injected, why) = await OneAsync(new SystemCallFault(calls, error, nth));
                    if (injected == 0)
                    {
                        Report.Say($"{calls} {error}: {nth - 1} places, {wrong} wrong so far");
                        break;
                    }

                    faults++;
                    if (why is not null)
                    {
                        wrong++;
                        Report.Say($"{calls} {error} {nth}: {why}");
                    }
                }
            }
        }

        Report.Metric("ledger.faults", faults, "faults");
        Report.Metric("ledger.faults.wrong", wrong, "faults", 0);
        return wrong == 0 ? 0 : 1;
    }

    private static async Task<(int Injected, string? Wrong)> OneAsync(SystemCallFault fault)
    {
        var place = Directory.CreateTempSubdirectory("osmoda-bench-fault-").FullName;
        using (var process = WriterProcess.Start(place, Turns, fault.Before(place)))
        {
            await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
        }

        var result = (SystemCallFault.CountIn(place), await WrittenLedger.WrongAsync(place));
        Directory.Delete(place, recursive: true);
        return result;
    }
}
