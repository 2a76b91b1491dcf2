using OsModa.Core.Ledger.Bundles;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Dashboard.Commands;

/// <summary><c>ledger verify</c>: the same checks as the page makes, for a terminal, a timer or a pipeline.</summary>
internal sealed class VerifyLedger(VerifyOptions options) : Command
{
    private const int Rewritten = 100_000;
    private const string Database = "database";
    private const string Export = "export";

    public override int Run(TextWriter output, TextWriter errors)
    {
        var (reports, kind) = Check(errors);
        var isDatabase = kind == Database;
        if (options.Json)
        {
            VerifyAnswer.WriteJson(output, options.File, kind, isDatabase ? options.GuardFolder : null, reports);
        }
        else
        {
            VerifyAnswer.WriteWords(output, reports);
            if (isDatabase && options.GuardFolder is null && VerifyAnswer.Worst(reports) != CheckResult.Malformed)
            {
                output.WriteLine(VerifyAnswer.Unguarded);
            }

            if (!isDatabase && reports.Any(static one => one.Report is { Chains.Length: > 0, IsOfOne: false }))
            {
                output.WriteLine(VerifyAnswer.MakersWord);
            }
        }

        return (int)VerifyAnswer.Worst(reports);
    }

    private (IReadOnlyList<(string Origin, CheckReport Report)> Reports, string Kind) Check(TextWriter errors)
    {
        var progress = Console.IsErrorRedirected ? null : new Counter(errors);
        var kind = Database;
        try
        {
            kind = IsZip() ? Export : Database;
            if (kind == Database)
            {
                var guard = options.GuardFolder is { } folder ? new ForkGuard(folder) : null;
                return (DatabaseCheck.Run(options.File, options.Log, options.Trust, guard is null ? null : guard.Read, progress, guard is null ? null : guard.Later), kind);
            }

            using var file = BundleFile.Open(File.OpenRead(options.File));
            return ([(file.Origin, BundleCheck.Run(file, options.Trust, progress))], kind);
        }
        catch (Exception e) when (e is LedgerDamagedException or IOException or UnauthorizedAccessException)
        {
            return ([("", new CheckReport(CheckResult.Malformed, e.Message, null, 0, 0, 0, []))], kind);
        }
    }

    private bool IsZip()
    {
        using var file = File.OpenRead(options.File);
        Span<byte> start = stackalloc byte[2];
        return file.ReadAtLeast(start, 2, throwOnEndOfStream: false) == 2 && start.SequenceEqual("PK"u8);
    }

    // One line that is written over: a person waits.
    private sealed class Counter(TextWriter errors) : IProgress<long>
    {
        private long _shown;

        public void Report(long value)
        {
            if (value - _shown >= Rewritten)
            {
                _shown = value;
                errors.Write($"\r{value:N0} entries\r");
            }
        }
    }
}
