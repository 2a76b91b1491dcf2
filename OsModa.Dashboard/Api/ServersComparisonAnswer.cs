using OsModa.Core.Comparison;

namespace OsModa.Dashboard.Api;

/// <summary>A comparison of two servers as JSON; docs/api.md says what each field means. Nothing is foretold: there is no switch from one server to another.</summary>
public sealed record ServersComparisonAnswer
{
    public required string From { get; init; }

    public required string To { get; init; }

    /// <summary>Both run the very same store path.</summary>
    public required bool SameSystem { get; init; }

    public required SizeAnswer Size { get; init; }

    public required IReadOnlyList<PackageAnswer> Packages { get; init; }

    public required IReadOnlyList<UnitTextsAnswer> Units { get; init; }

    public required IReadOnlyList<FileAnswer> Files { get; init; }

    public required IReadOnlyList<SecurityAnswer> Security { get; init; }

    internal static ServersComparisonAnswer Of(SystemDifference difference) => new()
    {
        From = difference.From.Text,
        To = difference.To.Text,
        SameSystem = difference.From == difference.To,
        Size = SizeAnswer.Of(difference.Packages),
        Packages = PackageAnswer.Of(difference.Packages),
        Units = [.. difference.Units.Select(unit => new UnitTextsAnswer(unit.Unit.Text, unit.Old, unit.New))],
        Files = FileAnswer.Of(difference),
        Security = SecurityAnswer.Of(difference.Security),
    };
}

public sealed record UnitTextsAnswer(string Unit, string? From, string? To);
