namespace OsModa.E2E.Running;

/// <summary>Where the product was built.</summary>
public static class ProductFiles
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    /// <summary>Root of the repository.</summary>
    public static string Repository => Tests.Repository.Folder;

    /// <summary>Environment variable OSMODA_DASHBOARD, or what the build of this program's own configuration made.</summary>
    public static string Program { get; } = Environment.GetEnvironmentVariable("OSMODA_DASHBOARD")
        ?? Path.Combine(Repository, "OsModa.Dashboard", "bin", Configuration, "net10.0", "OsModa.Dashboard.dll");
}
