using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Storage;

namespace OsModa.Dashboard.Commands;

/// <summary><c>ledger rotate-key</c>: replaces the keys of all logs of a ledger that no dashboard holds at the moment, or of one of them.</summary>
internal sealed class RotateKey(string file, string? log, string why) : Command
{
    /// <summary>Null when it was given wrongly.</summary>
    public static RotateKey? Of(string[] args, out string wrong)
    {
        string? file = null, log = null, why = null;
        wrong = "";
        for (var i = 0; i < args.Length && wrong.Length == 0; i++)
        {
            switch (args[i])
            {
                case "--why" or "--log" when i + 1 == args.Length: wrong = $"{args[i]} wants something after it."; break;
                case "--why": why = args[++i]; break;
                case "--log": log = args[++i]; break;
                case ['-', ..]: wrong = $"There is no option {args[i]}."; break;
                default: wrong = file is null ? "" : "Only one ledger is changed at a time."; file ??= args[i]; break;
            }
        }

        file ??= VerifyOptions.DefaultFile;
        wrong = wrong.Length > 0 ? wrong
            : why is null ? "Say why, with --why REASON: it is written into the ledger."
            : RotateLedgerKey.Reason(why) is { } bad ? bad
            : File.Exists(file) ? "" : $"There is no file {file}.";
        wrong += wrong.Length > 0 ? " See: OsModa.Dashboard ledger --help" : "";
        return wrong.Length > 0 ? null : new RotateKey(file, log, why!);
    }

    public override int Run(TextWriter output, TextWriter errors) => RunAsync(output, errors).GetAwaiter().GetResult();

    private async Task<int> RunAsync(TextWriter output, TextWriter errors)
    {
        try
        {
            var guard = VerifyOptions.GuardOf(file, Environment.GetEnvironmentVariable);
            var settings = LedgerSettings.In(new StorageSettings { Folder = Path.GetDirectoryName(Path.GetFullPath(file))! }, guardFolder: guard);
            await using var store = new LedgerStore(settings, NullLogger<LedgerStore>.Instance);
            var tenants = store.Logs().GroupBy(static name => name.Tenant).Select(static epochs => epochs.MaxBy(static name => name.Epoch)!).Where(name => log is null || name.Origin == log).ToList();
            if (tenants.Count == 0)
            {
                errors.WriteLine(log is null ? $"Nothing is in the ledger {file} yet." : $"There is no log {log} in {file}, or it has ended.");
                return Misused;
            }

            var rotate = new RotateLedgerKey(store, TimeProvider.System);
            foreach (var name in tenants)
            {
                var who = new ActionBody { Verb = "", Who = $"{Environment.UserName} on {Environment.MachineName}", Why = why.Trim() };
                output.WriteLine($"KEY   {await rotate.RunAsync(name.Tenant, who)}");
            }

            if (guard is null)
            {
                output.WriteLine("NOTE  The database was held against no guard folder, because none was found: that newer entries were signed once would not be noticed. Name the folder with Ledger__GuardFolder.");
            }

            output.WriteLine("Heads are signed with these keys from the next start of the dashboard on. Give them to whoever checks the ledger, and to its witnesses.");
            return 0;
        }
        catch (Exception e) when (e is StartRefusedException or LedgerDamagedException or IOException or UnauthorizedAccessException)
        {
            errors.WriteLine($"No further key was replaced. {e.Message}");
            return Misused;
        }
    }
}
