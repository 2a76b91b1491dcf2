using OsModa.E2E.Running;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OsModa.E2E;

[Collection(Collection)]
public sealed class TenServersTests(Browser browser, Lab lab) : LabTests(browser, lab)
{
    private const int Count = 10;

    [Fact]
    public async Task Ten_servers_are_live_in_two_browsers_and_what_happens_on_each_shows_in_both()
    {
        var machines = await Lab.TakeWellOnesAsync(Browser, Count);
        Window[] windows = [await OpenAsync(), await OpenAsync()];
        foreach (var window in windows)
        {
            await window.GoAsync("/");
        }

        await AllShowAsync(windows, machines, "healthy");
        await Task.WhenAll(machines.Select(machine => machine.Server.ShellAsync("systemd-run --quiet --unit=lamp /usr/bin/false")));
        await AllShowAsync(windows, machines, "failed");
        foreach (var row in Rows(windows, machines))
        {
            await Expect(row.Locator(".cell-last")).ToContainTextAsync("lamp failed");
        }

        await Task.WhenAll(machines.Select(machine => machine.Server.ShellAsync("systemctl reset-failed lamp")));
        await AllShowAsync(windows, machines, "healthy");

        // One is switched by hand: both see it, and nothing moves on the others.
        var generations = await Task.WhenAll(machines.Select(machine => machine.Server.GenerationAsync("/run/current-system")));
        await machines[^1].Server.SwitchAsync(generations[^1] = 5);
        foreach (var window in windows)
        {
            foreach (var (machine, generation) in machines.Zip(generations))
            {
                await Expect(RowOf(window, machine).Locator(".cell-generation")).ToHaveTextAsync($"{generation}");
            }
        }

        Assert.Empty(windows.SelectMany(window => window.Complaints));
    }

    private static IEnumerable<Microsoft.Playwright.ILocator> Rows(Window[] windows, IReadOnlyList<LabMachine> machines) =>
        windows.SelectMany(window => machines.Select(machine => RowOf(window, machine)));

    private static async Task AllShowAsync(Window[] windows, IReadOnlyList<LabMachine> machines, string state)
    {
        foreach (var row in Rows(windows, machines))
        {
            await Expect(row.Locator(".cell-state")).ToContainTextAsync(state);
        }
    }
}
