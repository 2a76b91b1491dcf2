using OsModa.Tests;
using Xunit.Sdk;
using Xunit.v3;

[assembly: Xunit.TestCollectionOrderer(typeof(LongestFirst))]

namespace OsModa.Tests;

/// <summary>What takes minutes begins first: begun last, it would run alone while the other threads have nothing left to do.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    // Classes, the longest first, and the collections with a shared lab. Tests of each run one after the other.
    private static readonly string[] Long =
    [
        "Lab.InterruptedRecoveryTests", "Lab.StandingWatchTests", "Lab.InterruptedSwitchTests", "Lab.RollBackLabTests", "Lab.DeploymentLabTests",
        "Lab.BadChangeLabTests", "Lab.RandomSwitchTests", "Lab.ContestedSwitchTests", "Configuration.ServerSettingsTests",
        "configuring", "lab", "Looks.EveryPageTests", "Packaging.PublishedTests", "Trouble.KillTests", "Looks.ScreenshotTests",
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => Place(collection)).ThenBy(collection => collection.UniqueID, StringComparer.Ordinal)];

    private static int Place(ITestCollection collection) =>
        Array.FindIndex(Long, name => collection.TestCollectionDisplayName == name || collection.TestCollectionDisplayName.Contains($".{name} ", StringComparison.Ordinal)) is var place and >= 0 ? place : Long.Length;
}
