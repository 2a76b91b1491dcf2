using System.Text.Json;

namespace OsModa.Tests.Lab;

/// <summary>Numbers of generations by their idea, as in lab/generations.json.</summary>
internal static class LabGenerations
{
    private static readonly Dictionary<string, int> Ideas = Read();

    public static int Number(string idea) => Ideas[idea];

    private static Dictionary<string, int> Read()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(LabServer.Folder, "generations.json")));
        return json.RootElement.GetProperty("generations").EnumerateArray()
            .ToDictionary(g => g.GetProperty("idea").GetString()!, g => g.GetProperty("number").GetInt32());
    }
}
