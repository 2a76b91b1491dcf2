using System.Collections.Immutable;
using OsModa.Demo.Machines;
using OsModa.Demo.Systems;

namespace OsModa.Demo.Life;

/// <summary>The past of a simulated server: the weekly update each Tuesday morning, and now and then a change of somebody's between.</summary>
internal static class History
{
    private const double DayMicroseconds = 86_400e6;

    private static readonly string[] Configurable = ["nginx.service", "postgresql.service", "fail2ban.service", "osmoda-gateway.service", "scribe.service"];

    /// <param name="start">The moment 0 of the agenda.</param>
    /// <returns>Oldest first, all before <paramref name="start"/>.</returns>
    public static List<DemoGeneration> Of(ServerOutline outline, Releases releases, DateTimeOffset start, uint seed, ImmutableArray<UnitTemplate> units)
    {
        var random = new Random((int)seed);
        var plan = new SystemPlan(outline.Name, units) { Specialisations = outline.Role is "build" ? ["debug"] : [], Revision = NewRevision(random) };
        var steps = new List<(Release Release, SystemPlan Plan, DateTimeOffset At)>();
        for (var weeksAgo = outline.History - 1; weeksAgo >= 0; weeksAgo--)
        {
            var (cut, release) = releases.Of(weeksAgo);
            steps.Add((release, plan, cut.AddMinutes(282 + (seed % 40))));
            if (random.Next(3) == 0 && weeksAgo > 0)
            {
                plan = Changed(plan, random);
                steps.Add((release, plan, cut.AddDays(1 + random.Next(4)).AddMinutes(random.Next(500, 1000))));
            }
        }

        var most = outline.History + BringForms(steps, outline.Name, start);
        var kept = steps.Where(step => step.At < start).ToList();
        return [.. kept.Skip(kept.Count - most).Select((step, index) => new DemoGeneration(
            outline.Generation - Math.Min(kept.Count, most) + 1 + index,
            new DemoSystem(step.Release, step.Plan),
            (step.At - start).Ticks / TimeSpan.TicksPerMicrosecond))];
    }

    // What was rolled out from the dashboard: a generation of its own, and part of all that came after it.
    private static int BringForms(List<(Release Release, SystemPlan Plan, DateTimeOffset At)> steps, string server, DateTimeOffset start)
    {
        var brought = PastForms.BroughtTo(server);
        foreach (var (before, form) in brought)
        {
            var at = start - before;
            var place = steps.FindLastIndex(step => step.At <= at) + 1;
            var (release, plan, _) = steps[Math.Max(0, place - 1)];
            steps.Insert(place, (release, plan, at));
            for (var after = place; after < steps.Count; after++)
            {
                steps[after] = steps[after] with { Plan = steps[after].Plan with { Form = form } };
            }
        }

        return brought.Length;
    }

    /// <summary>Shortly after the newest update: servers restart for a new kernel by themselves.</summary>
    public static long BootedAt(List<DemoGeneration> history)
    {
        var newest = history[^1];
        var firstWithKernel = history.First(g => g.System.Release.KernelPath == newest.System.Release.KernelPath && g.System.Release.InitrdPath == newest.System.Release.InitrdPath);
        return firstWithKernel.SetAt + (long)(DayMicroseconds / 480);
    }

    /// <summary>One change of the configuration by a person: a unit, or a file in /etc.</summary>
    public static SystemPlan Changed(SystemPlan plan, Random random)
    {
        var unit = Configurable[random.Next(Configurable.Length)];
        return plan.Units.Any(u => u.Name == unit) ? Edited(plan, unit, random) : plan with { Etc = plan.Etc + random.Next(), Revision = NewRevision(random) };
    }

    public static SystemPlan Edited(SystemPlan plan, string unit, Random random) =>
        plan with { Edits = plan.Edits.SetItem(unit, plan.Edits.GetValueOrDefault(unit) + 1), Revision = NewRevision(random) };

    public static string NewRevision(Random random) => StoreHash.Hex(random.Next().ToString(), 40);
}
