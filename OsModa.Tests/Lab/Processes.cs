namespace OsModa.Tests.Lab;

internal static class Processes
{
    /// <summary>Command lines of all running processes that mention a folder.</summary>
    public static List<string> Of(string folder)
    {
        var found = new List<string>();
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(p => int.TryParse(Path.GetFileName(p), out _)))
        {
            try
            {
                var line = File.ReadAllText($"{process}/cmdline").Replace('\0', ' ');
                if (line.Contains(folder, StringComparison.Ordinal))
                {
                    found.Add(line);
                }
            }
            catch (IOException)
            {
                // It has just ended.
            }
        }

        return found;
    }
}
