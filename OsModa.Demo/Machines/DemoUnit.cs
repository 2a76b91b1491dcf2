using OsModa.Demo.Systems;

namespace OsModa.Demo.Machines;

/// <summary>A loaded unit of a simulated server, as its systemd sees it. Changed only by <see cref="Systemd"/>.</summary>
internal sealed class DemoUnit(UnitTemplate template)
{
    public UnitTemplate Template { get; } = template;

    public string Name => Template.Name;

    public string Active { get; set; } = "inactive";

    public string Sub { get; set; } = "dead";

    public string Result { get; set; } = "success";

    public int Restarts { get; set; }

    public int MainPid { get; set; }

    public int ExitStatus { get; set; }

    public string InvocationId { get; set; } = "";

    /// <summary>Of its newest change of state, in the agenda's microseconds.</summary>
    public long ChangedAt { get; set; }

    public long EnteredAt { get; set; }

    public Defect? Defect { get; set; }

    /// <summary>Counted up by whatever drives its state: a follow-up that finds another number was overtaken and does nothing.</summary>
    public int Turn { get; set; }

    public bool IsUp => Active is "active" or "reloading";

    /// <summary>Memory now: rests at the template's figure and moves by a tenth with the minutes.</summary>
    public long? MemoryAt(long at) =>
        Template.Bytes == 0 || Active is not ("active" or "reloading" or "activating") || MainPid == 0
            ? null
            : (long)(Template.Bytes * (1 + (0.1 * Noise.At((uint)Name.Length * 7919u, at / 60e6))));
}
