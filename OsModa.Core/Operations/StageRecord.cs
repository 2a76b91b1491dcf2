using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using OsModa.Core.Observation;

namespace OsModa.Core.Operations;

/// <summary>A stage as it is kept in <see cref="Operation.Stages"/>; times in microseconds since the operation began.</summary>
public sealed record StageRecord(string Name, long From, long? Until, bool Failed, string Detail)
{
    /// <summary>Stages as text for the database.</summary>
    public static string Write(ImmutableArray<SwitchStage> stages) =>
        JsonSerializer.Serialize([.. stages.Select(s => new StageRecord(s.Name, Microseconds(s.From), s.Until is { } until ? Microseconds(until) : null, s.Failed, s.Detail))], StageRecords.Default.ImmutableArrayStageRecord);

    /// <summary>And back; empty when the text is none of ours.</summary>
    public static ImmutableArray<SwitchStage> Read(string text)
    {
        try
        {
            var records = JsonSerializer.Deserialize(text, StageRecords.Default.ImmutableArrayStageRecord);
            return records.IsDefault ? [] : [.. records.Select(r => new SwitchStage(r.Name, TimeSpan.FromMicroseconds(r.From), r.Until is { } until ? TimeSpan.FromMicroseconds(until) : null, r.Failed, r.Detail))];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static long Microseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;
}

[JsonSerializable(typeof(ImmutableArray<StageRecord>))]
internal sealed partial class StageRecords : JsonSerializerContext;
