using System.Collections.Immutable;
using OsModa.Core.Nix;

namespace OsModa.Core.Configuration;

/// <summary>The steps of a run, in their order.</summary>
public enum CheckStep
{
    /// <summary>The files are brought to the machine that builds.</summary>
    Send,
    /// <summary>Each option that was touched is evaluated.</summary>
    Options,
    /// <summary>The whole system is evaluated: assertions, warnings.</summary>
    System,
    /// <summary>What it needs is built or downloaded.</summary>
    Build,
    /// <summary>From the builder to its server; only where that is another machine.</summary>
    Copy,
}

public enum StepState
{
    Waiting,
    Running,
    Passed,
    Failed,
    /// <summary>Not come to, because an earlier one failed.</summary>
    Skipped,
}

/// <summary>What a step found.</summary>
/// <param name="IsWarning">It does not stand against the change.</param>
/// <param name="Field">The setting that it is about; null where the message names none.</param>
/// <param name="Sentence">For people; text of the server, made harmless.</param>
/// <param name="Detail">The words of Nix, several lines; empty where they say no more.</param>
/// <param name="Where">File and line that the message names; null for none.</param>
public sealed record CheckFinding(bool IsWarning, OptionPath? Field, string Sentence, string Detail, SourcePlace? Where);

/// <param name="Step">Which.</param>
/// <param name="State">How it stands.</param>
/// <param name="Took">By the clock of the machine it ran on; null until it has ended.</param>
/// <param name="Findings">Mistakes and warnings.</param>
public sealed record CheckedStep(CheckStep Step, StepState State, TimeSpan? Took, ImmutableArray<CheckFinding> Findings);

/// <param name="Bytes">That have arrived.</param>
/// <param name="Of">Bytes in all; 0 until that is known.</param>
public sealed record CopyProgress(long Bytes, long Of);

/// <summary>A run as it stands now. Never changed, only replaced.</summary>
/// <param name="Run">Which.</param>
/// <param name="State">How it stands.</param>
/// <param name="Steps">In their order.</param>
/// <param name="Build">How far the build is.</param>
/// <param name="System">What was built; null until then.</param>
/// <param name="Unchanged">It is the very system that runs on the server: the change changes nothing there. Null until known.</param>
/// <param name="Heard">False while the connection is gone: the machine goes on by itself, and this is what was heard last.</param>
/// <param name="Outcome">One sentence for people, once it has ended.</param>
public sealed record CheckProgress(Guid Run, CheckState State, ImmutableArray<CheckedStep> Steps, BuildProgress Build, StorePath? System, bool? Unchanged, bool Heard, string Outcome)
{
    /// <summary>How much of the system has arrived on its server, and how much there is to bring, in bytes; null while nothing is copied.</summary>
    public CopyProgress? Copy { get; init; }

    /// <summary>What ran on the server when the checks had ended: what the built system was compared with. Null where that was not known.</summary>
    public StorePath? Ran { get; init; }

    public bool Ended => State != CheckState.Running;

    internal CheckedStep? Running => Steps.FirstOrDefault(step => step.State == StepState.Running);

    internal CheckProgress With(CheckStep step, StepState state, TimeSpan? took = null) => this with
    {
        Steps = [.. Steps.Select(one =>
            one.Step == step ? one with { State = state, Took = took ?? one.Took }
            : state == StepState.Running && one.State == StepState.Running ? one with { State = StepState.Passed }     // the machine went on
            : one)],
    };

    internal CheckProgress With(CheckStep step, CheckFinding finding) =>
        this with { Steps = [.. Steps.Select(one => one.Step == step ? one with { Findings = one.Findings.Add(finding) } : one)] };
}
