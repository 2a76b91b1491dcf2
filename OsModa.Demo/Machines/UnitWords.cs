using OsModa.Demo.Systems;

namespace OsModa.Demo.Machines;

/// <summary>What the systemd of a simulated server writes to its journal about units, in its words and with its message ids.</summary>
internal sealed class UnitWords(DemoServer machine)
{
    public void Starting(DemoUnit unit, long at) => Say(unit, at, 6, $"Starting {unit.Template.Description}...", MessageIds.Starting);

    public void Started(DemoUnit unit, long at)
    {
        if (unit.Template.Kind is UnitKind.Job)
        {
            Succeeded(unit, at);
        }

        Say(unit, at, 6, $"{(unit.Template.Kind is UnitKind.Daemon ? "Started" : "Finished")} {unit.Template.Description}.", MessageIds.Started);
    }

    public void Stopping(DemoUnit unit, long at) => Say(unit, at, 6, $"Stopping {unit.Template.Description}...", MessageIds.Stopping);

    public void Stopped(DemoUnit unit, long at)
    {
        Succeeded(unit, at);
        Say(unit, at, 6, $"Stopped {unit.Template.Description}.", MessageIds.Stopped);
    }

    /// <summary>Its main process has ended with <see cref="DemoUnit.ExitStatus"/>; a unit with a defect has told before why.</summary>
    public void Failed(DemoUnit unit, long at)
    {
        if (unit.Defect is not null)
        {
            machine.Say(new JournalEntry(at - 2000, unit.Name, 3, unit.Name.Split('.', '@')[0], 0, LastWords(unit), ""));
        }

        Say(unit, at, 5, $"{unit.Name}: Main process exited, code=exited, status={unit.ExitStatus}/FAILURE", MessageIds.ProcessExited);
        Say(unit, at, 4, $"{unit.Name}: Failed with result 'exit-code'.", MessageIds.Failed);
    }

    public void RestartScheduled(DemoUnit unit, long at) =>
        Say(unit, at, 6, $"{unit.Name}: Scheduled restart job, restart counter is at {unit.Restarts}.", MessageIds.RestartScheduled);

    public void GivenUp(DemoUnit unit, long at)
    {
        Say(unit, at, 3, $"{unit.Name}: Start request repeated too quickly.", "");
        Say(unit, at, 3, $"Failed to start {unit.Template.Description}.", MessageIds.StartFailed);
    }

    private void Succeeded(DemoUnit unit, long at) => Say(unit, at, 6, $"{unit.Name}: Deactivated successfully.", MessageIds.Succeeded);

    private static string LastWords(DemoUnit unit) => unit.Name switch
    {
        "nginx.service" => "nginx: [emerg] host not found in upstream \"agents-v2\" in /etc/nginx/nginx.conf:114",
        _ => $"{unit.Name.Split('.')[0]}: cannot read its state: unexpected end of file at offset 41984; giving up",
    };

    private void Say(DemoUnit unit, long at, int priority, string text, string messageId) =>
        machine.Say(new JournalEntry(at, unit.Name, priority, "systemd", 1, text, messageId));
}
