using OsModa.Core.Comparison;

namespace OsModa.Dashboard.Pages.Comparing;

/// <summary>What happens to a unit, in words.</summary>
internal static class UnitWords
{
    public static string Of(UnitFate fate) => fate switch
    {
        UnitFate.StopAndStart => "stops and starts",
        UnitFate.Restart => "restarts",
        UnitFate.Reload => "reloads",
        UnitFate.Start => "starts",
        UnitFate.StopUntilAsked => "stops until asked",
        UnitFate.Stop => "stops",
        UnitFate.KeptRunning => "runs on as it was",
        _ => "is not touched",
    };
}
