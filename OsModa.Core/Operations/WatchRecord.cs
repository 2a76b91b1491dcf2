using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using OsModa.Core.Observation;

namespace OsModa.Core.Operations;

/// <summary>What SafeSwitch saw and decided, as it is kept in <see cref="Operation.Watched"/>; times in microseconds since the operation began.</summary>
public sealed record WatchRecord
{
    private const int MostTroubles = 50;

    public static WatchRecord None { get; } = new();

    public ImmutableArray<TroubleRecord> Troubles { get; init; } = [];

    public DecisionRecord? Decision { get; init; }

    public long? ConfirmedAt { get; init; }

    /// <summary>Units that were in trouble before.</summary>
    public ImmutableArray<string> Baseline { get; init; } = [];

    /// <summary>Why it went back, in one sentence of the server; null when it did not.</summary>
    [JsonIgnore]
    public string? Reason => Decision is { Good: false, Text: { Length: > 0 } text } ? text : null;

    /// <summary>Of what the server has told.</summary>
    public static WatchRecord Of(SwitchProgress progress) => new()
    {
        Troubles = [.. progress.Trouble.Take(MostTroubles).Select(t => new TroubleRecord(Microseconds(t.Noticed), Microseconds(t.Since), t.Kind, t.Unit, t.Text))],
        Decision = progress.Decision is { } decision ? new DecisionRecord(Microseconds(decision.At), decision.Good, decision.Unit, decision.Text) : null,
        ConfirmedAt = progress.ConfirmedAt is { } at ? Microseconds(at) : null,
        Baseline = [.. progress.Notes.Where(n => n.Kind == "baseline").SelectMany(n => n.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries))],
    };

    /// <summary>For the database.</summary>
    public static string Write(SwitchProgress progress) => JsonSerializer.Serialize(Of(progress), WatchRecords.Default.WatchRecord);

    /// <summary>And back; <see cref="None"/> when the text is none of ours.</summary>
    public static WatchRecord Read(string text)
    {
        try
        {
            return text.Length == 0 ? None : JsonSerializer.Deserialize(text, WatchRecords.Default.WatchRecord) ?? None;
        }
        catch (JsonException)
        {
            return None;
        }
    }

    /// <summary>A progress with what is kept here.</summary>
    public SwitchProgress AddTo(SwitchProgress progress) => progress with
    {
        Trouble = [.. Troubles.Select(t => new SwitchTrouble(TimeSpan.FromMicroseconds(t.Noticed), TimeSpan.FromMicroseconds(t.Since), t.Kind, t.Unit, t.Text))],
        Decision = Decision is { } decision ? new SwitchDecision(TimeSpan.FromMicroseconds(decision.At), decision.Good, decision.Unit, decision.Text) : null,
        ConfirmedAt = ConfirmedAt is { } at ? TimeSpan.FromMicroseconds(at) : null,
    };

    private static long Microseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;
}

/// <summary>See <see cref="SwitchTrouble"/>.</summary>
public sealed record TroubleRecord(long Noticed, long Since, string Kind, string Unit, string Text);

/// <summary>See <see cref="SwitchDecision"/>.</summary>
public sealed record DecisionRecord(long At, bool Good, string Unit, string Text);

[JsonSerializable(typeof(WatchRecord))]
internal sealed partial class WatchRecords : JsonSerializerContext;
