namespace OsModa.Core.Configuration;

/// <summary>What a git that was killed leaves in a repository: locks, an index aside, objects half written. None of it is referred to.</summary>
internal static class LeftBehind
{
    public const string Index = "osmoda-index-";

    public static void Clear(string folder)
    {
        var all = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None };
        var locks = Directory.EnumerateFiles(folder, "*.lock").Concat(Directory.EnumerateFiles(Path.Combine(folder, "refs"), "*.lock", all));
        var objects = Directory.EnumerateFiles(Path.Combine(folder, "objects"), "tmp_*", all);
        foreach (var file in locks.Concat(objects).Concat(Directory.EnumerateFiles(folder, Index + "*")).ToList())
        {
            File.Delete(file);
        }

        // A repository that was not made to the end stands aside, under a name of its own.
        var name = Path.GetFileName(folder);
        foreach (var aside in Directory.EnumerateDirectories(Path.GetDirectoryName(folder)!, $"{name}.*.new").ToList())
        {
            Directory.Delete(aside, recursive: true);
        }
    }

    /// <summary>What a fetch that broke leaves: a pack half written, and the lock of the reference it was for. No other command makes these.</summary>
    public static void ClearFetch(string folder, string reference)
    {
        var packs = Path.Combine(folder, "objects", "pack");
        foreach (var file in Directory.Exists(packs) ? Directory.EnumerateFiles(packs, "tmp_*").ToList() : [])
        {
            File.Delete(file);
        }

        var held = Path.Combine(folder, reference + ".lock");
        if (File.Exists(held))
        {
            File.Delete(held);
        }
    }
}
