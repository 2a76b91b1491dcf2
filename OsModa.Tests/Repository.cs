namespace OsModa.Tests;

/// <summary>The repository that this program was built in.</summary>
internal static class Repository
{
    /// <summary>Its root: the nearest folder above this program that holds the solution.</summary>
    /// <exception cref="InvalidOperationException">The program does not lie in it.</exception>
    public static string Folder { get; } = Find();

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "OsModa.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not lie in the repository: there is no OsModa.sln above them.");
        }

        return folder;
    }
}
