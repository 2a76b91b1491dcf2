using System.Diagnostics.CodeAnalysis;
using OsModa.Core.Ledger.Backups;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Dashboard.Commands;

/// <summary><c>ledger backup</c>: a copy that was checked, for a timer.</summary>
internal sealed class BackUpLedger(string to, VerifyOptions options) : Command
{
    /// <summary>Null when it was given wrongly.</summary>
    public static BackUpLedger? Of(string[] args, out string wrong)
    {
        if (args is not [[not '-', ..] to, .. var rest])
        {
            wrong = "Say where the backup goes: OsModa.Dashboard ledger backup TO. See: OsModa.Dashboard ledger --help";
            return null;
        }

        if (!VerifyOptions.TryParse(rest, out var options, out var error))
        {
            wrong = error;
            return null;
        }

        wrong = options.Log is null ? "" : "A backup has all logs of the database: leave out --log.";
        return options.Log is null ? new BackUpLedger(to, options) : null;
    }

    public override int Run(TextWriter output, TextWriter errors)
    {
        if (!TryMake(errors, out var report, out var exitCode))
        {
            return exitCode;
        }

        var reports = report.Logs.Select(static log => (log.Origin, log.Report)).ToList();
        if (options.Json)
        {
            VerifyAnswer.WriteJson(output, report.File ?? "", "backup", options.GuardFolder, reports);
            return (int)VerifyAnswer.Worst(reports);
        }

        VerifyAnswer.WriteWords(output, reports);
        if (options.GuardFolder is null)
        {
            output.WriteLine(VerifyAnswer.Unguarded);
        }

        foreach (var log in report.Logs.Where(static log => log.Head is not null))
        {
            output.WriteLine($"HEAD  {log.Origin} {log.Head!.Size} {log.Head.Root.ToBase64()}");
        }

        output.WriteLine(report.File is { } file ? $"GOOD  {file}, {report.Bytes:N0} bytes: every entry in it was checked." : "NONE  The copy does not verify, so there is no backup. What was in its place is still there.");
        return (int)VerifyAnswer.Worst(reports);
    }

    private bool TryMake(TextWriter errors, [NotNullWhen(true)] out BackupReport? report, out int exitCode)
    {
        (report, exitCode) = (null, (int)CheckResult.Malformed);
        try
        {
            report = VerifiedBackup.Make(options.File, to, options.Trust, options.GuardFolder, TimeProvider.System.GetUtcNow());
            return true;
        }
        catch (LedgerDamagedException e)
        {
            errors.WriteLine($"There is no backup. {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            exitCode = Misused;
            errors.WriteLine($"There is no backup: it cannot be written to {to}. {e.Message}");
        }

        return false;
    }
}
