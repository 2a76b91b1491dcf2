using System.Collections.Immutable;

namespace OsModa.Core.Configuration;

/// <summary>A module that decrypts secrets at a server's start. NixOS has none, so one is an input of a flake.</summary>
/// <param name="Name">Of the input.</param>
/// <param name="Url">Where the flake is.</param>
/// <param name="Module">Its name behind <c>nixosModules</c>.</param>
/// <param name="Archive">Where its archives are, for a configuration without a flake.</param>
/// <param name="Path">Of the module in them.</param>
public sealed record SecretModule(string Name, string Url, string Module, string Archive, string Path)
{
    /// <summary>Those that the form has fields for.</summary>
    public static ImmutableArray<SecretModule> All { get; } =
    [
        new("sops-nix", "github:Mic92/sops-nix", "sops", "https://github.com/Mic92/sops-nix/archive", "modules/sops"),
        new("agenix", "github:ryantm/agenix", "default", "https://github.com/ryantm/agenix/archive", "modules/age.nix"),
    ];

    /// <summary>The file in a server's folder that imports it.</summary>
    public string File => $"{Name}.nix";

    /// <summary>The input, as a line of a flake.</summary>
    public string Input => $$"""inputs.{{Name}} = { url = "{{Url}}"; inputs.nixpkgs.follows = "nixpkgs"; };""";

    /// <summary>What a flake of somebody's own needs, as lines to paste.</summary>
    public string InFlake => $"{Input}\n\n# among the arguments of outputs:\n{Name}\n\n# among the modules of the system:\n{Name}.nixosModules.{Module}\n";

    /// <summary>What a configuration without a flake needs, as lines to paste: commit and hash are for a person to choose.</summary>
    public string InConfiguration => $$$"""
        imports = [
          "${builtins.fetchTarball {
            url = "{{{Archive}}}/COMMIT.tar.gz";
            sha256 = "HASH";
          }}/{{{Path}}}"
        ];

        """;
}
