using System.Text;
using System.Text.Json;
using OsModa.Core.Nix;
using OsModa.Demo.Machines;
using OsModa.Demo.Systems;

namespace OsModa.Demo.Shell;

/// <summary>Answers closures.sh: what <c>nix path-info --json</c> says of all that some systems need, by path, as Nix since 2.19 prints it.</summary>
internal static class ClosureAnswer
{
    private const int LineBytes = 32_768;

    public static DemoRun To(DemoServer server, IReadOnlyList<string> systems)
    {
        List<DemoSystem> found;
        lock (server.Gate)
        {
            found = [.. systems.Select(server.Profile.Find).OfType<DemoSystem>()];
        }

        return found.Count == 0 ? DemoRun.Of([], 1) : DemoRun.Of(["json", .. Lines(found)]);
    }

    /// <summary>The answer of Nix in pieces.</summary>
    public static IEnumerable<string> Lines(List<DemoSystem> systems) => Json(systems).Chunk(LineBytes).Select(static chunk => new string(chunk));

    private static string Json(List<DemoSystem> systems)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            var told = new HashSet<StorePath>();
            json.WriteStartObject();
            foreach (var system in systems)
            {
                foreach (var (path, size, references) in Paths(system).Where(p => told.Add(p.Path)))
                {
                    json.WriteStartObject(path.Text);
                    json.WriteNumber("narSize", size);
                    json.WriteStartArray("references");
                    foreach (var reference in references)
                    {
                        json.WriteStringValue(reference.Text);
                    }

                    json.WriteEndArray();
                    json.WriteEndObject();
                }
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static IEnumerable<(StorePath Path, long Bytes, IEnumerable<StorePath> References)> Paths(DemoSystem system)
    {
        var closure = system.Closure().ToList();
        var packages = system.Release.Packages.Values.ToDictionary(static p => p.Path);
        foreach (var (path, bytes) in closure)
        {
            yield return path == system.Path ? (path, bytes, closure.Select(static p => p.Path).Where(p => p != path))
                : path == system.Release.SystemPath ? (path, bytes, packages.Values.Where(p => PackageTable.IsChosen(p.Entry)).Select(static p => p.Path))
                : packages.TryGetValue(path, out var package) ? (path, bytes, package.Entry.Uses.Select(name => system.Release.Packages[name].Path))
                : (path, bytes, []);
        }
    }
}
