using OsModa.Core.Ssh;

namespace OsModa.Core.Configuration;

/// <summary>The fixed files of Nix that travel inside this assembly.</summary>
public static class NixFiles
{
    /// <summary>Where a flake pins its inputs, beside it.</summary>
    public const string Lock = "flake.lock";

    /// <summary>Tells of options as structure.</summary>
    public static string Schema => RemoteScript.Embedded("schema.nix").Text;

    /// <summary>The module that applies <c>settings.json</c>.</summary>
    public static string Settings => RemoteScript.Embedded("settings.nix").Text;

    /// <summary>The <c>flake.nix</c> of a new repository.</summary>
    public static string Flake => RemoteScript.Embedded("flake.nix").Text;

    /// <summary>The <c>default.nix</c> of a server's folder.</summary>
    public static string Server => RemoteScript.Embedded("server.nix").Text;

    /// <summary>Looks for packages by a part of their names.</summary>
    public static string Packages => RemoteScript.Embedded("packages.nix").Text;

    internal static string ReadOptions => RemoteScript.Embedded("read-options.nix").Text;
}
