using System.Collections.Immutable;
using System.Text;

namespace OsModa.Core.Configuration;

/// <summary>
/// The two files that are made once, with modules for secrets in them: the flake has an input for each, and a server's folder imports those that it has a file
/// for. A file that is none of these texts was changed by a person, and is theirs.
/// </summary>
internal static class SecretFiles
{
    private const string Nixpkgs = "  inputs.nixpkgs.url = \"nixpkgs\";\n", Outputs = "{ nixpkgs, ... }:", System = "nixosSystem { modules", Imports = "[ ./settings.nix ]";

    /// <summary>The <c>flake.nix</c> of the repository; without modules it is that of a new one.</summary>
    public static string Flake(IReadOnlyCollection<SecretModule> modules) => modules.Count == 0 ? NixFiles.Flake : NixFiles.Flake
        .Replace(Nixpkgs, $"{Nixpkgs}{string.Concat(modules.Select(module => $"  {module.Input}\n"))}", StringComparison.Ordinal)
        .Replace(Outputs, "{ nixpkgs, ... } @ inputs:", StringComparison.Ordinal)
        .Replace(System, "nixosSystem { specialArgs = { inherit inputs; }; modules", StringComparison.Ordinal);

    /// <summary>The <c>default.nix</c> of a server's folder; without modules it is that of a new one.</summary>
    public static string Server(IReadOnlyCollection<SecretModule> modules) =>
        modules.Count == 0 ? NixFiles.Server : NixFiles.Server.Replace(Imports, $"[ ./settings.nix {string.Join(' ', modules.Select(module => $"./{module.File}"))} ]", StringComparison.Ordinal);

    /// <summary>The file in a server's folder that imports a module.</summary>
    public static string Import(SecretModule module) => $$"""
        # Decrypts this server's secrets at its start; which ones is said in the form.
        { inputs, ... }: { imports = [ inputs.{{module.Name}}.nixosModules.{{module.Module}} ]; }

        """;

    /// <summary>Which modules a text of ours has; null where it is none of ours.</summary>
    /// <param name="contents">Of the file; null where there is none.</param>
    /// <param name="make">How it is made of modules.</param>
    public static ImmutableArray<SecretModule>? In(byte[]? contents, Func<IReadOnlyCollection<SecretModule>, string> make)
    {
        if (contents is null)
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(contents);
        ImmutableArray<SecretModule>[] known = [[], .. SecretModule.All.Select(module => ImmutableArray.Create(module)), SecretModule.All];
        return known.Where(modules => make(modules) == text).Select(modules => (ImmutableArray<SecretModule>?)modules).FirstOrDefault();
    }
}
