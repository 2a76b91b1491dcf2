using System.Collections.Immutable;
using System.Globalization;
using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;

namespace OsModa.Core.Operations;

/// <summary>What a person types about how a switch is watched. Errors are named by these properties; those of a check <c>Checks[0]</c>, by its place.</summary>
/// <param name="Probation">Seconds of observation after the switch; 0: one look.</param>
/// <param name="Confirmer">Who confirms that the server can still be reached.</param>
/// <param name="Confirm">Seconds for the confirmation; 0: none is asked for.</param>
/// <param name="Stand">Minutes that the server watches on after it is done; 0: none.</param>
/// <param name="Watched">Units that are watched although the switch may not touch them, with spaces or commas between them.</param>
/// <param name="Checks">What has to hold besides.</param>
public sealed record PlanForm(string? Probation, Confirmer Confirmer, string? Confirm, string? Stand, string? Watched, ImmutableArray<CheckForm> Checks)
{
    private const int MostUnits = 60;
    private const int MostChecks = 20;

    /// <summary>The form of a plan, with the agents of a server watched.</summary>
    public static PlanForm Of(SwitchPlan plan, IEnumerable<UnitName> agents) => new(
        Text(plan.Probation.TotalSeconds), Confirmer.Dashboard, Text(plan.Confirm.TotalSeconds), Text(plan.Stand.TotalMinutes), string.Join(' ', agents.Take(MostUnits)), []);

    /// <summary>The plan, or what is wrong with the form.</summary>
    /// <param name="basis">What the form does not ask for is as there.</param>
    public Result<SwitchPlan> Check(SwitchPlan basis)
    {
        var errors = new FieldErrors();
        var probation = Length(Probation, TimeSpan.FromSeconds(1), 3600, nameof(Probation), "Probation is from 0 to 3,600 seconds.", errors);
        var confirm = Length(Confirm, TimeSpan.FromSeconds(1), 3600, nameof(Confirm), "The time for a confirmation is from 0 to 3,600 seconds; 0 asks for none.", errors);
        var stand = Length(Stand, TimeSpan.FromMinutes(1), 1440, nameof(Stand), "The watch afterwards is from 0 to 1,440 minutes.", errors);
        if (Confirmer == Confirmer.Person && confirm < TimeSpan.FromSeconds(10))
        {
            errors.Add(nameof(Confirm), "A person needs at least 10 seconds to look and press Keep.");
        }
        else if (confirm > TimeSpan.Zero && confirm < TimeSpan.FromSeconds(5))
        {
            errors.Add(nameof(Confirm), "A new connection may take some seconds: give it 5 at least, or 0 for none.");
        }

        var watched = Units(errors);
        var checks = Checked(errors);
        return !errors.None ? errors : basis with
        {
            Probation = probation,
            Confirm = confirm,
            CommitEarly = basis.CommitEarly && probation == TimeSpan.Zero && confirm == TimeSpan.Zero,
            Stand = stand,
            StandConfirm = stand > TimeSpan.Zero && Confirmer == Confirmer.Dashboard ? basis.StandConfirm : TimeSpan.Zero,     // a person confirms once
            Watched = watched,
            Checks = checks,
        };
    }

    private ImmutableArray<UnitName> Units(FieldErrors errors)
    {
        var names = (Watched ?? "").Split([' ', ',', '\n', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal).ToList();
        var units = ImmutableArray.CreateBuilder<UnitName>();
        foreach (var name in names)
        {
            // People leave the suffix out where systemctl lets them.
            if (UnitName.TryParse(name, out var unit) || UnitName.TryParse(name + ".service", out unit))
            {
                units.Add(unit);
            }
            else
            {
                errors.Add(nameof(Watched), $"“{(name.Length > 40 ? name[..40] + "…" : name)}” is not the name of a unit, such as scout.service.");
            }
        }

        errors.Add(nameof(Watched), units.Count > MostUnits ? $"{MostUnits} units at most can be watched besides those that change." : null);
        return units.ToImmutable();
    }

    private ImmutableArray<HealthCheck> Checked(FieldErrors errors)
    {
        var checks = ImmutableArray.CreateBuilder<HealthCheck>();
        for (var i = 0; i < Checks.Length; i++)
        {
            if (Checks[i].TryCheck(i + 1, out var check, out var error))
            {
                checks.Add(check);
            }
            else
            {
                errors.Add($"{nameof(Checks)}[{i}]", error);
            }
        }

        errors.Add(nameof(Checks), checks.Count > MostChecks ? $"{MostChecks} checks at most." : null);
        return checks.ToImmutable();
    }

    private static TimeSpan Length(string? text, TimeSpan unit, int most, string field, string sentence, FieldErrors errors)
    {
        if (double.TryParse(text?.Trim() is { Length: > 0 } typed ? typed : "0", NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= 0 && number <= most)
        {
            return number * unit;
        }

        errors.Add(field, sentence);
        return TimeSpan.Zero;
    }

    private static string Text(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
