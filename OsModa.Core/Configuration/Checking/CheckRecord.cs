using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using OsModa.Core.Nix;

namespace OsModa.Core.Configuration;

/// <summary>A run as it is kept in <see cref="CheckRun.Steps"/> once it has ended: steps, findings and the end of the log.</summary>
internal sealed record CheckRecord(ImmutableArray<CheckRecord.StepKept> Steps, BuildProgress Build, bool? Unchanged, string? Ran = null)
{
    private const int MostLines = 400;

    public static string Write(CheckProgress progress) => JsonSerializer.Serialize(
        new CheckRecord(
            [.. progress.Steps.Select(step => new StepKept(step.Step, step.State, step.Took, [.. step.Findings.Select(finding => new FindingKept(finding.IsWarning, finding.Field?.Parts, finding.Sentence, finding.Detail, finding.Where))]))],
            progress.Build with { Now = [], Log = progress.Build.Log.Count > MostLines ? progress.Build.Log.GetRange(progress.Build.Log.Count - MostLines, MostLines) : progress.Build.Log },
            progress.Unchanged,
            progress.Ran?.Text),
        CheckRecords.Default.CheckRecord);

    /// <summary>The state of a run that has ended, out of its row.</summary>
    public static CheckProgress Read(CheckRun run)
    {
        CheckRecord? kept = null;
        try
        {
            kept = run.Steps.Length == 0 ? null : JsonSerializer.Deserialize(run.Steps, CheckRecords.Default.CheckRecord);
        }
        catch (JsonException)
        {
            // Of another version: what the row itself says is left.
        }

        var bare = CheckSteps.Begin(run.Id, run.BuilderId is not null);
        return bare with
        {
            State = run.State,
            Steps = kept is null ? bare.Steps : [.. kept.Steps.Select(step => new CheckedStep(step.Step, step.State, step.Took, [.. step.Findings.Select(FindingKept.Back)]))],
            Build = kept?.Build ?? BuildProgress.Nothing,
            Unchanged = kept?.Unchanged,
            Ran = StorePath.TryParse(kept?.Ran, out var ran) ? ran : null,
            System = StorePath.TryParse(run.System, out var system) ? system : null,
            Outcome = run.Outcome,
        };
    }

    internal sealed record StepKept(CheckStep Step, StepState State, TimeSpan? Took, ImmutableArray<FindingKept> Findings);

    internal sealed record FindingKept(bool IsWarning, ImmutableArray<string>? Field, string Sentence, string Detail, SourcePlace? Where)
    {
        public static CheckFinding Back(FindingKept kept) =>
            new(kept.IsWarning, kept.Field is { } parts && OptionPath.TryFrom(parts, out var path, out _) ? path : null, kept.Sentence, kept.Detail, kept.Where);
    }
}

[JsonSerializable(typeof(CheckRecord))]
internal sealed partial class CheckRecords : JsonSerializerContext;
