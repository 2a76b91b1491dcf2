namespace OsModa.Tests.Lab;

/// <summary>What happens to a server while it switches.</summary>
/// <param name="Name">In the words of who did it.</param>
/// <param name="Deed">What is run on the server; empty where it is done to the server from outside.</param>
/// <param name="Ends">The change may be undone for it although it is good.</param>
internal sealed record RandomFault(string Name, string Deed = "", bool Ends = false)
{
    /// <summary>Runs whatever is switched, and no system knows it.</summary>
    public const string Bystander = "systemctl reset-failed; systemctl -q is-active bystander || systemd-run --quiet --unit=bystander --property=Restart=always sleep infinity";

    private const string Unit = "nixos-rebuild-switch-to-configuration";

    public static readonly RandomFault Nothing = new("nothing");
    public static readonly RandomFault PowerFails = new("the power fails", Ends: true);
    public static readonly RandomFault Restarts = new("somebody restarts the server", Ends: true);
    public static readonly RandomFault CableIsPulled = new("the cable is pulled");
    public static readonly RandomFault BootIsFull = new("no more fits on /boot", "mount -t tmpfs -o size=4k,nr_inodes=1 tmpfs /boot", Ends: true);

    public static readonly RandomFault[] All =
    [
        Nothing, Nothing, Nothing, PowerFails, Restarts, CableIsPulled, BootIsFull,
        new("systemd is executed anew", "systemctl daemon-reexec"),
        new("the units are read again", "systemctl daemon-reload"),
        new("the script is killed", $"systemctl kill --kill-who=main -s KILL {Unit} 2>/dev/null; true", Ends: true),
        new("all of it is killed", $"systemctl kill -s KILL {Unit} 2>/dev/null; true", Ends: true),
        new("the switch program is killed", ConsoleSwitch.KillProgram, Ends: true),
        new("it is stopped", $"systemctl stop {Unit} 2>/dev/null; true", Ends: true),
        new("the standing watch is killed", "systemctl kill -s KILL osmoda-standing 2>/dev/null; true"),
        new("somebody's own unit fails", "systemd-run --quiet --unit=own-$$ false; true"),
        new("a unit dies that was not changed", "systemctl kill -s KILL bystander; true"),
    ];

    public bool TakesItDown => this == PowerFails || this == Restarts;
}
