using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Witnessing;

/// <summary>How it stands between one log of ours and one witness.</summary>
/// <param name="Witness">Name of its key.</param>
/// <param name="Size">The largest head that it has cosigned; 0 for none.</param>
/// <param name="At">When, by the witness's clock.</param>
/// <param name="Trouble">Why it did not cosign the newest; null when it did.</param>
public sealed record WitnessState(string Witness, long Size, DateTimeOffset? At, string? Trouble)
{
    /// <summary>It knows something of the log that the log does not continue.</summary>
    public bool IsContradiction => Trouble is WitnessClient.OlderLedger or WitnessClient.OtherHistory;
}

/// <summary>Sends each signed head to the witnesses, in the background, and keeps what they cosign beside it. A witness that is away or refuses is tried again with the next head, or in a minute.</summary>
public sealed class WitnessClient(LedgerStore store, Publisher publisher, WitnessSettings settings, LedgerWriter ledger, HttpClient http, TimeProvider time, ILogger<WitnessClient> log)
{
    /// <summary>A notice that a witness knows something of the log that the log does not continue.</summary>
    public const string Contradicted = "ledger.witness-contradicted";

    internal const string OlderLedger = "It has cosigned more entries than this ledger has: this one is older than what was shown to it.";
    internal const string OtherHistory = "It has cosigned another history of this log than this one.";
    private const int AnswerMost = 64 * 1024;
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<(long Log, string Witness), string> _troubles = new();
    private readonly ConcurrentDictionary<(long Log, string Witness), string> _told = new();
    private readonly Listeners<Guid> _cosigned = new();
    private readonly Observation.Nudge _nudge = new();

    /// <summary>Calls <paramref name="cosigned"/> with an organisation after a witness has answered for its log: it must only set a mark and return.</summary>
    public IDisposable Subscribe(Action<Guid> cosigned) => _cosigned.Add(cosigned);

    public async Task RunAsync(CancellationToken stop)
    {
        if (settings.Witnesses.Count == 0)
        {
            return;
        }

        using var signed = publisher.Subscribe(_ => _nudge.Give());
        using var timer = new Timer(_ => _nudge.Give(), null, TimeSpan.Zero, Again);
        while (!stop.IsCancellationRequested)
        {
            await _nudge.WaitAsync(stop);
            await SendAsync(stop);
        }
    }

    /// <summary>One round over all logs and witnesses.</summary>
    public async Task SendAsync(CancellationToken stop)
    {
        foreach (var name in LedgerRound.Logs(store, log).GroupBy(static name => name.Tenant).Select(static epochs => epochs.MaxBy(static name => name.Epoch)!).ToList())
        {
            foreach (var witness in settings.Witnesses)
            {
                await SendAsync(name, witness, stop);
            }
        }
    }

    /// <summary>Of one organisation's log, in the order of the settings.</summary>
    public IReadOnlyList<WitnessState> States(Guid tenant)
    {
        if (settings.Witnesses.Count == 0 || store.Newest(tenant) is not { } name)
        {
            return [];
        }

        using var reader = store.Open(name);
        return [.. settings.Witnesses.Select(witness =>
        {
            var (size, seconds) = Known(reader, witness);
            return new WitnessState(witness.Key.Name, size, size == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(seconds), _troubles.GetValueOrDefault((name.Id, witness.Key.Name)));
        })];
    }

    private async Task SendAsync(LogName name, OutsideWitness witness, CancellationToken stop)
    {
        try
        {
            using var reader = store.Open(name);
            if (reader.NewestCheckpoint() is not { Note: { } note } head || Known(reader, witness) is var known && known.Size >= head.Size)
            {
                return;
            }

            var trouble = await SendAsync(reader, witness, note, head.Size, known.Size, mayAskAgain: true, stop);
            Tell(name, witness, trouble);
            await NoteAsync(name, witness, trouble);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            Tell(name, witness, "It cannot be reached.");
            log.LogInformation(e, "The witness {Witness} cannot be reached", witness.Prefix);
        }
        catch (Exception e) when (LedgerRound.IsEndured(e))
        {
            Tell(name, witness, "It was not asked, because the ledger could not be read or written for that. The log of the dashboard says why.");
            log.LogError(e, "The witness {Witness} was not asked for {Origin}", witness.Prefix, name.Origin);
        }
    }

    private void Tell(LogName name, OutsideWitness witness, string? trouble)
    {
        if (trouble is null)
        {
            _troubles.TryRemove((name.Id, witness.Key.Name), out _);
        }
        else
        {
            _troubles[(name.Id, witness.Key.Name)] = trouble;
        }

        _cosigned.Tell(name.Tenant);
    }

    // Once, or each head that is signed because of the notice would bring the next one.
    private async Task NoteAsync(LogName name, OutsideWitness witness, string? trouble)
    {
        if (trouble is null)
        {
            _told.TryRemove((name.Id, witness.Key.Name), out _);
        }
        else if (trouble is OlderLedger or OtherHistory && name.Tenant != LogName.Root && _told.TryAdd((name.Id, witness.Key.Name), trouble))
        {
            await ledger.NoticeAsync(LedgerActor.Dashboard(name.Tenant), Contradicted, $"{witness.Key.Name}: {trouble}");
        }
    }

    /// <returns>Why it did not cosign; null when it did.</returns>
    private async Task<string?> SendAsync(LogReader reader, OutsideWitness witness, SignedNote note, long size, long old, bool mayAskAgain, CancellationToken stop)
    {
        var request = new AddCheckpoint(old, old == 0 ? [] : [.. Consistency.Prove(reader.Subtrees(size), old, size)], new SignedNote(note.Text, [.. note.Signatures.Take(1)]));
        var (status, body) = await AskAsync(witness, request, stop);
        var theirs = long.TryParse(body.AsSpan().TrimEnd('\n'), NumberStyles.None, CultureInfo.InvariantCulture, out var told) ? told : (long?)null;
        switch (status)
        {
            case 200:
                return await KeepAsync(reader.Log, witness, note, size, body);
            // Of equal sizes with different roots some editions of the specification want a 409 with that size, others a 422.
            case 409 when theirs is null || theirs == old:
                return OtherHistory;
            case 409 when theirs > size:
                return OlderLedger;
            case 409 when mayAskAgain:
                return await SendAsync(reader, witness, note, size, theirs.Value, mayAskAgain: false, stop);
            case 404:
                return "It does not know this log: give its operator the key of the log.";
            case 403:
                return "It knows another key of this log.";
            case 422:
                return OtherHistory;
            default:
                return $"It answered {status}.";
        }
    }

    private async Task<(int Status, string Body)> AskAsync(OutsideWitness witness, AddCheckpoint request, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(witness.Prefix, "add-checkpoint")) { Content = new StringContent(request.ToString(), Encoding.UTF8, "text/plain") };
        using var answer = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token);
        await using var stream = await answer.Content.ReadAsStreamAsync(either.Token);
        var buffer = new byte[AnswerMost];
        var length = await stream.ReadAtLeastAsync(buffer, AnswerMost, throwOnEndOfStream: false, either.Token);
        return ((int)answer.StatusCode, Encoding.UTF8.GetString(buffer, 0, length));
    }

    // Only what verifies is kept, and of the lines only the one of the key that we know.
    private async Task<string?> KeepAsync(LogName name, OutsideWitness witness, SignedNote note, long size, string body)
    {
        foreach (var line in body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(16))
        {
            if (NoteSignature.Parse(line) is { } signature && signature.IsBy(witness.Key)
                && new SignedNote(note.Text, [signature]) is var cosigned && cosigned.Check([witness.Key]) is { Length: 1 } && cosigned.CosignedAt(witness.Key) is { } at)
            {
                await store.RunAsync(group => group.Connection.Run(
                    "INSERT INTO cosig(log, size, witness, line, t) VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING", name.Id, size, witness.Key.Name, signature.Line, at.ToUnixTimeSeconds()));
                return null;
            }
        }

        return "Its answer is no cosignature by the key that is configured.";
    }

    private static (long Size, long Seconds) Known(LogReader reader, OutsideWitness witness) => reader.Connection.List(
        static row => (row.GetInt64(0), row.GetInt64(1)), "SELECT size, t FROM cosig WHERE log = ?1 AND witness = ?2 ORDER BY size DESC LIMIT 1", reader.Log.Id, witness.Key.Name).FirstOrDefault();
}
