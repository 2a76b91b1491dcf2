using System.Text;
using System.Text.Json;
using OsModa.Core.Configuration;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>Real Nix, which evaluates without a store: files of the lab and what a test wrote into a folder of its own.</summary>
internal sealed class NixEvaluation : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("osmoda-nix-").FullName;

    /// <summary>Module system and options of the lab.</summary>
    public static string LabOptions { get; } = Path.Combine(LabServer.Folder, "options");

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>The form's module with a document beside it.</summary>
    public void Write(SettingsDocument document)
    {
        var files = SettingsFiles.Of(document);
        File.WriteAllBytes(Path.Combine(Folder, SettingsFiles.Name), [.. files.Json]);
        File.WriteAllText(Path.Combine(Folder, SettingsFiles.Module), NixFiles.Settings);
        Directory.CreateDirectory(Path.Combine(Folder, SettingsFiles.ExpressionFolder));
        foreach (var (name, text) in files.Expressions)
        {
            File.WriteAllText(Path.Combine(Folder, SettingsFiles.ExpressionFolder, name + ".nix"), text);
        }
    }

    /// <summary>Evaluates an expression to JSON; fails the test with what Nix says.</summary>
    public async Task<JsonDocument> JsonAsync(string expression)
    {
        var (status, output, errors) = await TryAsync(expression);
        return status == 0 ? JsonDocument.Parse(output, new JsonDocumentOptions { MaxDepth = 256 }) : throw new Xunit.Sdk.XunitException(errors);
    }

    public async Task<(int Status, string Output, string Errors)> TryAsync(string expression)
    {
        var file = Path.Combine(Folder, $"{Guid.NewGuid():N}.nix");
        await File.WriteAllTextAsync(file, expression);
        return await RunAsync("/usr/bin/nix-instantiate", "--eval", "--strict", "--json", file);
    }

    public async Task<(int Status, string Output, string Errors)> RunAsync(string program, params string[] arguments)
    {
        await using var nix = ChildProcess.Start(program, arguments, environment: new Dictionary<string, string>(StringComparer.Ordinal) { ["NIX_REMOTE"] = "dummy://", ["HOME"] = Folder });
        nix.Input.Close();
        using var reader = new StreamReader(nix.Output, Encoding.UTF8);
        var output = await reader.ReadToEndAsync();
        return (await nix.Ended, output, nix.Errors);
    }

    /// <summary>The schema of the lab's options.</summary>
    public async Task<IReadOnlyList<Option>> SchemaAsync(string vintage = "now", string without = "\"hard\"")
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "schema.nix"), NixFiles.Schema);
        var (status, output, errors) = await TryAsync($$"""import ./schema.nix { options = removeAttrs (import {{LabOptions}} { vintage = "{{vintage}}"; }).options [ {{without}} ]; }""");
        Assert.True(status == 0, errors);
        return [.. OptionsJson.Read(Encoding.UTF8.GetBytes(output))];
    }
}
