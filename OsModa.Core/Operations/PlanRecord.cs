using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;

namespace OsModa.Core.Operations;

/// <summary>A plan as it is kept in <see cref="Operation.Plan"/>: what was asked for, in seconds and words.</summary>
public sealed record PlanRecord
{
    /// <summary>A restart of the server belongs to the switch, and the probation comes after it.</summary>
    public bool ByRestart { get; init; }

    /// <summary>Seconds that the new system has to hold.</summary>
    public double Probation { get; init; }

    /// <summary>Seconds until it has to be confirmed; 0 when nobody is asked to.</summary>
    public double Confirm { get; init; }

    /// <summary>Seconds that the server watches on after the probation; 0 for not at all.</summary>
    public double Stand { get; init; }

    /// <summary>Seconds until it has to hear of us in that time; 0 when it does not wait for that.</summary>
    public double StandConfirm { get; init; }

    /// <summary>Id of the operation that the standing watch begins if it has to go back.</summary>
    public Guid? Undo { get; init; }

    public ImmutableArray<string> Watched { get; init; } = [];

    /// <summary>One sentence a check.</summary>
    public ImmutableArray<string> Checks { get; init; } = [];

    /// <summary>For the database.</summary>
    public static string Write(SwitchPlan plan, SwitchMode mode = SwitchMode.Now) => JsonSerializer.Serialize(
        new PlanRecord
        {
            ByRestart = mode == SwitchMode.Restart,
            Probation = plan.Probation.TotalSeconds,
            Confirm = plan.Confirm.TotalSeconds,
            Stand = plan.Stand.TotalSeconds,
            StandConfirm = plan.StandConfirm.TotalSeconds,
            Undo = plan.UndoOperation,
            Watched = [.. plan.Watched.Select(unit => unit.Text)],
            Checks = [.. plan.Checks.Select(Words)],
        },
        PlanRecords.Default.PlanRecord);

    private static string Words(HealthCheck check) => check switch
    {
        HealthCheck.OfUnit unit => $"{check.Name}: {unit.Unit} is active",
        HealthCheck.OfPort port => $"{check.Name}: {port.Host} port {port.Port} accepts connections",
        HealthCheck.OfUrl url => $"{check.Name}: {url.Url} answers {url.Status}{(url.Body.Length > 0 ? $" with “{url.Body}”" : "")} within {url.Within.TotalMilliseconds:0} ms",
        HealthCheck.OfCommand command => $"{check.Name}: the command “{command.Command}” ends well",
        HealthCheck.OfDaemon daemon => $"{check.Name}: the daemon at {daemon.Socket} answers",
        _ => check.Name.Text,
    };

    /// <summary>And back; null when the text is none of ours.</summary>
    public static PlanRecord? Read(string text)
    {
        try
        {
            return text.Length == 0 ? null : JsonSerializer.Deserialize(text, PlanRecords.Default.PlanRecord);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSerializable(typeof(PlanRecord))]
internal sealed partial class PlanRecords : JsonSerializerContext;
