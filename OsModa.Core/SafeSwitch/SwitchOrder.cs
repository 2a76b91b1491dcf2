using System.Globalization;
using System.Text;
using OsModa.Core.Nix;
using OsModa.Core.Observation;

namespace OsModa.Core.SafeSwitch;

/// <summary>What the server is told to switch to, and how to watch over it.</summary>
/// <param name="Operation">Names its folder on the server; the same id never runs twice.</param>
/// <param name="Mode">When the target comes to run.</param>
/// <param name="Target">The system.</param>
/// <param name="Generation">Its number in the profile; 0 when it is in none yet.</param>
/// <param name="Expected">What has to run now; if another system runs, the server refuses.</param>
/// <param name="Plan">How it is watched.</param>
internal sealed record SwitchOrder(Guid Operation, SwitchMode Mode, StorePath Target, int Generation, StorePath Expected, SwitchPlan Plan)
{
    private const int MaxEntries = 100;

    /// <summary>The order as start-switch.sh takes it (see Journal.md): lines of fields separated by TAB.</summary>
    /// <exception cref="InvalidOperationException">The plan holds more than fits in an order: a mistake of ours.</exception>
    public string Text
    {
        get
        {
            if (Plan.Watched.Length + Plan.Checks.Length > MaxEntries)
            {
                throw new InvalidOperationException($"An order holds at most {MaxEntries} units and checks.");
            }

            var text = new StringBuilder();
            Line("order", "2");
            Line("mode", Word(Mode));
            Line("target", Target.Text, Generation.ToString(CultureInfo.InvariantCulture));
            Line("expected", Expected.Text);
            Line("probation", Seconds(Plan.Probation));
            Line("confirm", Seconds(Plan.Confirm));
            Line("early", Plan.CommitEarly ? "yes" : "no");
            Line("stand", Seconds(Plan.UndoOperation is null ? TimeSpan.Zero : Plan.Stand), Seconds(Plan.StandConfirm), Plan.UndoOperation?.ToString("D") ?? "-");
            if (Plan.IsFloor)
            {
                Line("floor", "yes");
            }

            foreach (var unit in Plan.Watched)
            {
                Line("watch", unit.Text);
            }

            foreach (var check in Plan.Checks)
            {
                Line("check", check.Text);
            }

            return text.ToString();

            void Line(params ReadOnlySpan<string> fields) => text.AppendJoin('\t', fields).Append('\n');
        }
    }

    internal static string Word(SwitchMode mode) => mode switch { SwitchMode.Boot => "boot", SwitchMode.Restart => "restart", _ => "now" };

    // Whole seconds, rounded up: a short time is not none.
    private static string Seconds(TimeSpan time) =>
        ((int)Math.Ceiling(Math.Clamp(time.TotalSeconds, 0, SwitchPlan.Longest.TotalSeconds))).ToString(CultureInfo.InvariantCulture);
}
