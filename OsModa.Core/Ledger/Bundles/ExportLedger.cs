using OsModa.Core.Accounts;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Witnessing;
using OsModa.Core.Servers;

namespace OsModa.Core.Ledger.Bundles;

/// <summary>
/// Hands out an organisation's ledger, or a part of it, to somebody of that organisation. Who took what is in the ledger before the first byte goes out.
/// </summary>
public sealed class ExportLedger(LedgerStore store, LedgerWriter ledger, WitnessSettings witnesses)
{
    public const string Verb = "ledger.export";

    /// <summary>A file that can be checked without us.</summary>
    /// <param name="caller">Any member: it is what they may read in pages too.</param>
    /// <param name="request">Which part.</param>
    /// <param name="server">Nothing but the entries about this one, each with its proof.</param>
    /// <param name="cancellationToken">Gives up before it is written down.</param>
    /// <returns>What is to be written out, or why there is none. To be disposed.</returns>
    public async Task<Result<LedgerExport>> BundleAsync(Caller caller, BundleRequest request, ServerId? server, CancellationToken cancellationToken)
    {
        var (intent, refused) = await IntendAsync(caller, "bundle", request, server, cancellationToken);
        if (intent is null)
        {
            return FieldErrors.Of("", refused!);
        }

        LogReader? reader = null;
        BundlePlan? plan;
        string? why = null;
        VerifierKey? verifier = null;
        try
        {
            reader = store.Open(caller.OrganisationId, request.Epoch)!;
            (plan, why) = BundlePlan.Of(reader, request with { Source = server?.Value });
            verifier = plan is null ? null : store.KeysOf(reader).For(plan.Size)[0];
        }
        catch (LedgerDamagedException e)
        {
            (plan, why) = (null, e.Message);
        }
        catch (Exception)
        {
            reader?.Dispose();
            await ledger.OutcomeAsync(intent, LedgerOutcome.Unknown, "It broke: the log of the dashboard has the cause.");
            throw;
        }

        if (plan is null || verifier is null || reader is null)
        {
            reader?.Dispose();
            await ledger.OutcomeAsync(intent, LedgerOutcome.Failed, why!);
            return FieldErrors.Of("", why!);
        }

        return new LedgerExport(ledger, intent, reader, $"{Name(reader, server)}-{plan.Size}.zip", "application/zip", (to, stop) =>
        {
            using var bundle = new BundleWriter(reader, verifier, witnesses.Witnesses.Select(static witness => witness.Key), plan, to);
            bundle.Write(stop);
        });
    }

    /// <summary>Every entry, signed or not, for a spreadsheet (<see cref="LedgerText.Csv"/>) or a program.</summary>
    /// <param name="caller">Any member.</param>
    /// <param name="format">Of the text.</param>
    /// <param name="request">Which part: <see cref="BundleRequest.From"/> this very entry <see cref="BundleRequest.Until"/> that one, of which epoch. The rest is of a bundle.</param>
    /// <param name="server">Only what is about this one.</param>
    /// <param name="cancellationToken">Gives up before it is written down.</param>
    public async Task<Result<LedgerExport>> TextAsync(Caller caller, LedgerText format, BundleRequest request, ServerId? server, CancellationToken cancellationToken)
    {
        var (ending, type) = format == LedgerText.Csv ? ("csv", "text/csv; charset=utf-8") : ("jsonl", "application/jsonl; charset=utf-8");
        var (intent, refused) = await IntendAsync(caller, ending, new BundleRequest { From = request.From, Until = request.Until, Epoch = request.Epoch }, server, cancellationToken);
        if (intent is null)
        {
            return FieldErrors.Of("", refused!);
        }

        var reader = store.Open(caller.OrganisationId, request.Epoch)!;
        return new LedgerExport(ledger, intent, reader, $"{Name(reader, server)}.{ending}", type, (to, stop) =>
        {
            IEventText text = format == LedgerText.Csv ? new EventTable() : new EventLines();
            text.Write(EventRow.Of(new LogRange(reader, Math.Max(reader.First, request.From) / Tree.TileId.FullWidth * Tree.TileId.FullWidth, reader.Size))
                .TakeWhile(row => !stop.IsCancellationRequested && (request.Until is not { } until || row.Seq <= until))
                .Where(row => row.Seq >= request.From && (server is null || row.Source == server.Value.Value)), to);
            stop.ThrowIfCancellationRequested();
        });
    }

    private async Task<(LedgerIntent? Intent, string? Refused)> IntendAsync(Caller caller, string format, BundleRequest request, ServerId? server, CancellationToken cancellationToken)
    {
        if (store.Newest(caller.OrganisationId) is null)
        {
            return (null, "Nothing is in the ledger yet.");
        }

        if (request.Epoch is { } epoch && !store.Logs().Any(log => log.Tenant == caller.OrganisationId && log.Epoch == epoch))
        {
            return (null, $"The ledger has no epoch {epoch}.");
        }

        try
        {
            var details = LedgerVerbs.Details(
                ("format", format), ("epoch", $"{request.Epoch}"), ("from", request.From > 0 ? $"{request.From}" : null), ("until", $"{request.Until}"), ("previous", $"{request.Previous}"), ("proofs", request.Proofs.IsEmpty ? null : string.Join(' ', request.Proofs.Take(100))));
            return (await ledger.IntendAsync(LedgerActor.Of(caller), Verb, server, details: details, cancellationToken: cancellationToken), null);
        }
        catch (LedgerDamagedException e)
        {
            return (null, LedgerVerbs.NotDone(e));
        }
    }

    private static string Name(LogReader log, ServerId? server) => $"ledger-{(server is { } one ? $"{one.Value:N}" : log.Origin.Replace('/', '-'))}";
}

/// <summary>A way to write entries down.</summary>
public enum LedgerText
{
    Csv,
    JsonLines,
}
