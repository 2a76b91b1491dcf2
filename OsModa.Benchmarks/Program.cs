using OsModa.Benchmarks;
using OsModa.Benchmarks.Fleet;
using OsModa.Benchmarks.Observe;

switch (args)
{
    case ["observe"]:
        await ObserveBenchmark.RunAsync();
        return 0;
    case ["fleet"]:
        await ThousandServers.RunAsync();
        return 0;
    default:
        Report.Say("usage: ./bench observe | fleet");
        return 2;
}
