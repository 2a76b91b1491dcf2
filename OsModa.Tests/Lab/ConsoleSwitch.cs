using System.Diagnostics;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;

namespace OsModa.Tests.Lab;

/// <summary>Gives a server of the lab orders at its console, so that neither ssh nor the dashboard takes part.</summary>
internal sealed class ConsoleSwitch(LabServer machine)
{
    /// <summary>Kills the switch program, wherever it is. In a command line its words are parted by NUL, which no dot of grep matches.</summary>
    public const string KillProgram = "for p in /proc/[0-9]*; do tr '\\0' ' ' <$p/cmdline | grep -q '[s]witch-to-configuration test' && kill -KILL ${p#/proc/}; done 2>/dev/null; true";

    private const string Profile = "/nix/var/nix/profiles/system";

    public LabServer Machine => machine;

    public async Task<Guid> StartAsync(string idea, SwitchPlan plan, SwitchMode mode = SwitchMode.Now)
    {
        var number = LabGenerations.Number(idea);
        var order = new SwitchOrder(Guid.CreateVersion7(), mode, await SystemAsync($"{Profile}-{number}-link"), number, await SystemAsync("/run/current-system"), plan);
        var id = order.Operation.ToString("D");
        var answer = await machine.EnterAsync("/bin/sh", "-c", SwitchScripts.Start.Text, SwitchScripts.Start.Name, id, order.Text, SwitchScripts.Program);
        return answer.Trim() == "started" ? order.Operation : throw new InvalidOperationException($"The order was answered with: {answer}");
    }

    /// <summary>Waits until a line of the journal contains a text, over restarts of the server; a minute and a half at most.</summary>
    public Task SawAsync(Guid operation, string text) => UntilAsync($"grep -qs '{text}' {Journal(operation)}", TimeSpan.FromSeconds(90));

    /// <summary>Waits for the last line, over restarts of the server; null when there is no journal.</summary>
    public async Task<SwitchProgress?> EndedAsync(Guid operation, TimeSpan patience)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var progress = (await machine.TryShellAsync($"sleep 0.2; cat {Journal(operation)}")).Split('\n').Aggregate((SwitchProgress?)null, (before, line) => SwitchJournal.Apply(before, operation, line));
            if (progress?.Outcome is not null || Stopwatch.GetElapsedTime(began) > patience)
            {
                return progress;
            }
        }
    }

    /// <summary>Confirms it as soon as that can be done, on probation or, if it is to stand, when it is done; gives up when it was decided before.</summary>
    public async Task ConfirmAsync(Guid operation, bool stands, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var answer = stands && !(await machine.TryShellAsync($"cat {Journal(operation)}")).Contains("\tdone\t", StringComparison.Ordinal) ? "early" : await machine.EnterAsync("/bin/sh", "-c", SwitchScripts.Confirm.Text, SwitchScripts.Confirm.Name, operation.ToString("D"));
                if (answer.Trim() is "confirmed" or "late")
                {
                    return;
                }
            }
            catch (InvalidOperationException)
            {
                // The server is down just now.
            }

            await machine.TryShellAsync("sleep 0.2");
        }
    }

    /// <summary>Waits until nobody stands watch any more, over restarts of the server, and for the operation that the watch may have begun: that one, or null.</summary>
    public async Task<SwitchProgress?> StoodAsync(Guid operation, Guid undo)
    {
        await UntilAsync($"[ ! -e {Folder(operation)}/standing ]", TimeSpan.FromMinutes(2));
        return await EndedAsync(undo, TimeSpan.Zero) is null ? null : await EndedAsync(undo, TimeSpan.FromSeconds(90));
    }

    /// <summary>A person's way back to a generation, whatever runs.</summary>
    public async Task StartAfreshAsync(string idea)
    {
        await machine.ShellAsync("while systemctl -q is-active nixos-rebuild-switch-to-configuration; do sleep 0.05; done; systemctl stop osmoda-standing 2>/dev/null; true");
        var number = LabGenerations.Number(idea);
        if (await machine.GenerationAsync("/run/current-system") != number || await machine.GenerationAsync(Profile) != number)
        {
            await machine.SwitchAsync(number, mayFail: true);
        }
    }

    /// <summary>All that the server has written down of it.</summary>
    public Task<string> StoryAsync(Guid operation) =>
        machine.ShellAsync($"cd /var/lib/osmoda/operations/{operation:D} && cat journal output; journalctl -q --no-pager -o short-monotonic -n 200 || true");

    // Until the command succeeds, over restarts of the server, or patience has run out.
    private async Task UntilAsync(string command, TimeSpan patience)
    {
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < patience
            && !(await machine.TryShellAsync($"for turn in $(seq 50); do ! {command} || {{ echo seen; break; }}; sleep 0.1; done")).Contains("seen", StringComparison.Ordinal))
        {
            // Not yet, or the server is down.
        }
    }

    private async Task<StorePath> SystemAsync(string link) => StorePath.Parse((await machine.EnterAsync("readlink", "-f", link)).Trim());

    private static string Folder(Guid operation) => $"/var/lib/osmoda/operations/{operation:D}";

    private static string Journal(Guid operation) => $"{Folder(operation)}/journal";
}
