using OsModa.Core.Configuration;
using OsModa.Dashboard.Components;

namespace OsModa.Dashboard.Pages.Configuration.Remote;

/// <summary>How it stands with the connected repository, as people see it.</summary>
internal static class RemoteWords
{
    public static Look Of(RemoteState state, DateTimeOffset now) => state switch
    {
        { Remote.HostKeyAlarm: not null } => new("warning", "failed", "stopped: another host key"),
        { HeardAt: null, Remote.Fault: null } => new("probation", "probation", "not heard yet"),
        _ when state.IsStale(now) => new("unknown", "stale", "does not answer"),
        _ => new("done", "healthy", "connected"),
    };
}
