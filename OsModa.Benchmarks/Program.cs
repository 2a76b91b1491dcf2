using OsModa.Benchmarks;
using OsModa.Benchmarks.Compare;
using OsModa.Benchmarks.Fleet;
using OsModa.Benchmarks.Observe;
using OsModa.Benchmarks.Options;
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
    case ["options"]:
        OptionsBenchmark.Run();
        return 0;
    default:
        Report.Say("usage: ./bench observe | rollback | fleet | compare | options");
        return 2;
}
