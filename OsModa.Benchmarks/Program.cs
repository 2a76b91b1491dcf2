using OsModa.Benchmarks;
using OsModa.Benchmarks.Compare;
using OsModa.Benchmarks.Fleet;
using OsModa.Benchmarks.Ledger;
using OsModa.Benchmarks.Observe;
using OsModa.Benchmarks.Rollback;

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
        return 0;
    case ["ledger", "large"]:
        await LedgerBenchmark.RunAsync(10_000_000);
        return 0;
    default:
        Report.Say("usage: ./bench observe | rollback | fleet | compare | ledger [large]");
        return 2;
}
