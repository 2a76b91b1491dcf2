using System.Collections.Frozen;

namespace OsModa.Core.Comparison.Packages;

/// <summary>
/// The outputs that packages of nixpkgs split into. Only these are taken off behind a version: any other word there,
/// as in <c>1.17.1-unstable-2025-05-24</c> or <c>6.6-rt</c>, belongs to the version.
/// </summary>
public static class OutputNames
{
    /// <summary>The output whose paths carry no name of an output.</summary>
    public const string Default = "out";

    private static readonly FrozenDictionary<string, string> Known = new[]
    {
        // What stdenv's multiple-outputs.sh moves files into, and what it gives without being asked.
        Default, "bin", "dev", "lib", "man", "doc", "devdoc", "devman", "info", "debug", "dist", "static", "include",
        // Variants for another word size.
        "lib32", "lib64",
        // Parts of single packages that reach the closure of a server.
        "libgcc", "checksum",                                    // gcc
        "getent",                                                // glibc
        "login", "mount", "swap",                                // util-linux
        "su",                                                    // shadow
        "pam",                                                   // libcap
        "scripts", "fuse2fs", "vdo",                             // e2fsprogs, lvm2, audit
        "modules", "modules-shrunk", "headers",                  // linux, and the modules that its initrd takes
        "dnsutils", "host",                                      // bind
        "p11kit", "unbundled", "hashed",                         // nss-cacert
        "terminfo", "shell_integration", "kitten", "themes",     // terminals
        "plperl", "plpython3", "pltcl", "jit",                   // postgresql
        "tools", "fonts", "py", "ga", "installedTests",          // nss, ghostscript, libxml2, qemu, GNOME
    }.ToFrozenDictionary(name => name, name => name);

    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> ByText = Known.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The output of this name; null when no package is known to have it.</summary>
    public static string? Find(ReadOnlySpan<char> text) => ByText.TryGetValue(text, out var name) ? name : null;
}
