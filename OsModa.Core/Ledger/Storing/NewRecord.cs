using System.Security.Cryptography;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Records;

namespace OsModa.Core.Ledger.Storing;

/// <summary>A record that is to be appended, with the words it will be found by.</summary>
public sealed record NewRecord
{
    private const int SaltBytes = 16;

    public required RecordKind Kind { get; init; }

    /// <summary>The server or person it is about.</summary>
    public required Guid Source { get; init; }

    public uint Epoch { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public TreeHash ChainHash { get; init; }

    /// <summary>At most <see cref="LedgerRecord.MostBodyBytes"/>; what does not fit an entry is kept beside the log.</summary>
    public required byte[] Body { get; init; }

    /// <summary>Id of a server's event in its own chain; with source and epoch it is appended once.</summary>
    public long? SourceId { get; init; }

    public string Type { get; init; } = "";

    public string Actor { get; init; } = "";

    /// <summary>A row of a server's chain, with the hash that stands beside it there.</summary>
    public static NewRecord Of(ChainRow row, ChainFormat format, Guid source, uint epoch, DateTimeOffset receivedAt) =>
        row.LeftOut is { } leftOut ? Of(RecordKind.Notice, leftOut.Body(source), source, receivedAt) with { Epoch = epoch, SourceId = leftOut.Id } : new()
    {
        Kind = format == ChainFormat.Piped ? RecordKind.PipedEvent : RecordKind.ConcatenatedEvent,
        Source = source,
        Epoch = epoch,
        ReceivedAt = receivedAt,
        ChainHash = row.Hash,
        Body = row.Event.PreImage(format),
        SourceId = row.Event.Id,
        Type = row.Event.Type,
        Actor = row.Event.Actor,
    };

    public static NewRecord Of(RecordKind kind, ActionBody body, Guid source, DateTimeOffset receivedAt) => new()
    {
        Kind = kind,
        Source = source,
        ReceivedAt = receivedAt,
        Body = body.ToCanonicalJson(),
        Type = body.Verb,
        Actor = body.Who,
    };

    /// <summary>The same with something random in it, for what says something of people: once it is redacted, nobody can tell by its hash that they guessed it.</summary>
    public static NewRecord Salted(RecordKind kind, ActionBody body, Guid source, DateTimeOffset receivedAt) =>
        Of(kind, body with { Salt = Convert.ToBase64String(RandomNumberGenerator.GetBytes(SaltBytes)) }, source, receivedAt);

    /// <summary>The entry of the log.</summary>
    internal byte[] ToBytes() => Body.Length <= LedgerRecord.MostInlineBytes
        ? LedgerRecord.Write(Kind, Source, Epoch, ReceivedAt, ChainHash, Body)
        : LedgerRecord.Write(Kind, Source, Epoch, ReceivedAt, ChainHash, LedgerRecord.Beside(Body), isBeside: true);
}
