namespace OsModa.E2E.Running;

/// <summary>Where the product was built.</summary>
public static class ProductFiles
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    /// <summary>Root of the repository: the nearest folder above this program that holds the solution.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Environment variable OSMODA_DASHBOARD, or what the build of this program's own configuration made.</summary>
    public static string Program { get; } = Environment.GetEnvironmentVariable("OSMODA_DASHBOARD")
        ?? Path.Combine(Repository, "OsModa.Dashboard", "bin", Configuration, "net10.0", "OsModa.Dashboard.dll");

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "OsModa.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds OsModa.sln.");
    }
}
