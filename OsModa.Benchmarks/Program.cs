using OsModa.Benchmarks;
using OsModa.Benchmarks.Observe;

switch (args)
{
    case ["observe"]:
        await ObserveBenchmark.RunAsync();
        return 0;
    default:
        Report.Say("usage: ./bench observe | rollback | fleet");
        return 2;
}
