using OsModa.Benchmarks;
using OsModa.Benchmarks.Compare;
using OsModa.Benchmarks.Fleet;
using OsModa.Benchmarks.Ledger;
using OsModa.Benchmarks.Observe;
using OsModa.Benchmarks.Options;
using OsModa.Benchmarks.Rollback;
using OsModa.Benchmarks.SafeSwitch;

switch (args)
{
    case ["observe"]:
        await ObserveBenchmark.RunAsync();
        return 0;
    case ["fleet"]:
        await ThousandServers.RunAsync();
        await FiftyConnections.RunAsync();
        return 0;
    case ["rollback"]:
        await RollbackBenchmark.RunAsync();
        return 0;
    case ["compare"]:
        await CompareBenchmark.RunAsync();
        return 0;
    case ["ledger"]:
        await LedgerBenchmark.RunAsync(1_000_000);
        await EventToPage.RunAsync();
        return 0;
    case ["ledger", "page"]:
        await EventToPage.RunAsync();
        return 0;
    case ["ledger", "first-read"]:
        await FirstRead.RunAsync(1_000_000);
        return 0;
    case ["ledger", "kills"]:
        return await KilledWriters.RunAsync(1_000);
    case ["ledger", "kills", var kills]:
        return await KilledWriters.RunAsync(int.Parse(kills));
    case ["ledger", "faults"]:
        return await FailingCalls.RunAsync("EIO", "ENOSPC");
    case ["ledger", "faults", var error]:
        return await FailingCalls.RunAsync(error);
    case [WriterProcess.Word, var place, var turns]:
        await WriterProcess.RunAsync(place, int.Parse(turns));
        return 0;
    case ["ledger", "large"]:
        await LedgerBenchmark.RunAsync(10_000_000);
        return 0;
    case ["safeswitch"]:
        await SafeSwitchBenchmark.RunAsync(30);
        return 0;
    case ["safeswitch", var runs]:
        await SafeSwitchBenchmark.RunAsync(int.Parse(runs));
        return 0;
    case ["safeswitch-soak", var seed, var runs]:
        return await SafeSwitchSoak.RunAsync(int.Parse(seed), int.Parse(runs));
    case ["options"]:
        OptionsBenchmark.Run();
        await FormBenchmark.RunAsync();
        return 0;
    default:
        Report.Say("usage: ./bench observe | rollback | fleet | compare | safeswitch [RUNS] | safeswitch-soak SEED RUNS | ledger [large | page | first-read | kills [N] | faults [ERROR]] | options");
        return 2;
}
