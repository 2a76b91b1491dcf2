using OsModa.Core.Ssh;

namespace OsModa.Core.Observation;

/// <summary>The script that tells everything that happens on a server (Protocol.md), put together of its parts.</summary>
public static class ObserveScript
{
    public static RemoteScript Whole { get; } = RemoteScript.Together("observe-frames.sh", "observe-host.sh", "boot-parts.sh", "observe-pins.sh", "observe-units.sh", "observe-figures.sh", "observe-feeds.sh", "observe.sh");
}
