using System.Text.Json.Serialization;
using OsModa.Core.Comparison;
using OsModa.Core.Comparison.Packages;

namespace OsModa.Dashboard.Api;

/// <summary>A comparison as JSON; docs/api.md says what each field means.</summary>
public sealed record ComparisonAnswer
{
    public required string From { get; init; }

    public required string To { get; init; }

    public required IReadOnlyList<string> Summary { get; init; }

    /// <summary>How long such a switch is likely to take, from those before; null when there were none.</summary>
    public required double? LikelySeconds { get; init; }

    public required SizeAnswer Size { get; init; }

    public required IReadOnlyList<PackageAnswer> Packages { get; init; }

    public required IReadOnlyList<UnitAnswer> Units { get; init; }

    public required IReadOnlyList<FileAnswer> Files { get; init; }

    public required IReadOnlyList<SecurityAnswer> Security { get; init; }

    public required IReadOnlyList<string> WillNotComeBack { get; init; }

    public required bool RebootNeeded { get; init; }

    /// <summary>The first system runs now, so that what happens to units counts only those that run.</summary>
    public required bool FromRuns { get; init; }

    /// <summary>What the server's own dry run says of units; null when it was not asked for.</summary>
    public required DryRunAnswer? DryRun { get; init; }

    internal static ComparisonAnswer Of(SystemDifference difference, Forecast forecast, SwitchTime? time) => new()
    {
        From = difference.From.Text,
        To = difference.To.Text,
        Summary = Verdict.Say(difference, forecast, time),
        LikelySeconds = time?.Took.TotalSeconds,
        Size = SizeAnswer.Of(difference.Packages),
        Packages = PackageAnswer.Of(difference.Packages),
        Units = [.. forecast.Units.Select(unit => new UnitAnswer(unit.Unit.Text, unit.Fate, unit.Why, unit.Old, unit.New))],
        Files = FileAnswer.Of(difference),
        Security = SecurityAnswer.Of(forecast.Security),
        WillNotComeBack = [.. forecast.Lasting.Select(state => state.What)],
        RebootNeeded = forecast.NeedsReboot(difference.Boot),
        FromRuns = forecast.FromRuns,
        DryRun = DryRunAnswer.Of(forecast),
    };
}

public sealed record SizeAnswer(long FromBytes, long ToBytes, long OnlyFromBytes, long OnlyToBytes)
{
    internal static SizeAnswer Of(PackageComparison packages) => new(packages.From.Bytes, packages.To.Bytes, packages.From.OnlyBytes, packages.To.OnlyBytes);
}

public sealed record SecurityAnswer(string Subject, string What, [property: JsonConverter(typeof(JsonStringEnumConverter<SecurityMove>))] SecurityMove Move)
{
    internal static IReadOnlyList<SecurityAnswer> Of(IEnumerable<SecurityChange> changes) => [.. changes.Select(change => new SecurityAnswer(change.Subject, change.What, change.Move))];
}

public sealed record VersionAnswer(string? From, string? To);

public sealed record PackageAnswer(
    string Name,
    [property: JsonConverter(typeof(JsonStringEnumConverter<PackageChangeKind>))] PackageChangeKind Kind,
    [property: JsonConverter(typeof(JsonStringEnumConverter<PackageSelection>))] PackageSelection Selection,
    IReadOnlyList<VersionAnswer> Versions,
    long DeltaBytes)
{
    internal static IReadOnlyList<PackageAnswer> Of(PackageComparison packages) =>
        [.. packages.Changes.Select(change => new PackageAnswer(change.Name, change.Kind, change.Selection, [.. change.Versions.Select(version => new VersionAnswer(version.From, version.To))], change.Delta))];
}

public sealed record UnitAnswer(string Unit, [property: JsonConverter(typeof(JsonStringEnumConverter<UnitFate>))] UnitFate Fate, string Why, string? Old, string? New);

public sealed record DryRunAnswer(bool Agrees, IReadOnlyList<DisagreementAnswer> Disagreements)
{
    internal static DryRunAnswer? Of(Forecast forecast) => !forecast.IsChecked ? null
        : new DryRunAnswer(forecast.Disagreements.IsEmpty, [.. forecast.Disagreements.Select(other => new DisagreementAnswer(other.Unit.Text, other.ByRules, other.ByServer))]);
}

public sealed record DisagreementAnswer(
    string Unit,
    [property: JsonConverter(typeof(JsonStringEnumConverter<UnitFate>))] UnitFate ByRules,
    [property: JsonConverter(typeof(JsonStringEnumConverter<UnitFate>))] UnitFate ByServer);

public sealed record FileAnswer(string Path, [property: JsonConverter(typeof(JsonStringEnumConverter<FileChangeKind>))] FileChangeKind Kind, string OldRights, string NewRights, string? Old, string? New)
{
    internal static IReadOnlyList<FileAnswer> Of(SystemDifference difference) =>
        [.. difference.Files.Select(file => new FileAnswer(file.Path, file.Kind, file.OldRights, file.NewRights, file.Old?.Text, file.New?.Text))];
}
