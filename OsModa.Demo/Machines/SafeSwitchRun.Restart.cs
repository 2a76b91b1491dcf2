namespace OsModa.Demo.Machines;

/// <summary>Mode <c>restart</c>: the server starts the new system, and if it has to go back, the old one by another restart.</summary>
internal sealed partial class SafeSwitchRun
{
    private const long DownFor = 12_000_000;

    private void RestartInto(long at)
    {
        Stage(at, "armed");
        Line(at, "note", "deadline", "60");
        End(at + Millisecond, true, "");
        Restart(at + (2 * Millisecond), back =>
        {
            _activatedAt = back;
            Stage(back, "probation");
            Then(back + Glance, Observe);
            Then(back + Glance, looked => Look(looked, 0));
        });
    }

    private void RestartBack(long at, string why)
    {
        Stage(at, "back");
        server.Profile.Link(_fromNumber);
        Restart(at + Millisecond, back =>
        {
            End(back, true, "");
            Stage(back, "recheck");
            Recheck(back + Glance, why);
        });
    }

    private void Restart(long at, Action<long> goOn)
    {
        Line(at, "restart");
        server.Reboot(at, DownFor, back =>
        {
            files.GoOn(server.Clock.BootId);
            // The live stream went with the restart: whoever follows gets it from its beginning.
            files.Journal.ForEach(line => server.OperationLine($"J\t{order.Id:D}\t{line}"));
            Line(back, "boot", server.Clock.BootId.ToString("D"));
            goOn(back);
        });
    }
}
