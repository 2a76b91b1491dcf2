using System.Security.Cryptography;
using System.Text;

namespace OsModa.Core.Ledger.Bundles;

/// <summary>
/// <c>verify.html</c>: one page without a network that checks a bundle in the browser. Its parts are files in <c>Verifier/</c>; here they become one. Its own content security policy lets it run its
/// one script and reach nothing. What checks a signed head in it is a script of its own too.
/// </summary>
public static class VerifyPage
{
    private static readonly string[] Scripts = ["sha256.js", "ed25519.js", "base64.js", "zip.js", "note.js", "records.js", "self.js", "tree.js", "timestamps.js", "verdict.js", "check.js", "page.js"];

    // None of these needs anything of the others.
    private static readonly string[] HeadScripts = ["sha256.js", "ed25519.js", "base64.js", "note.js", "tree.js"];

    public static byte[] Html { get; } = Assemble();

    /// <summary>A module in JavaScript, UTF-8: signed notes, heads, keys and their changes, and proofs that a log only grew. It needs nothing of a browser but text and base64, so it runs without HTTPS.</summary>
    public static byte[] HeadModule { get; } = Encoding.UTF8.GetBytes(
        $"{string.Concat(HeadScripts.Select(Part))}\nexport {{ continues, fromBase64, isSigned, keyChain, parseCheckpoint, parseKey, parseKeyChange, parseNote, toBase64, tornChange, utf8 }};\n");

    private static byte[] Assemble()
    {
        var script = $"\n\"use strict\";\n{string.Concat(Scripts.Select(Part))}";
        var style = $"\n{Part("page.css")}";
        return Encoding.UTF8.GetBytes(Part("page.html")
            .Replace("{policy}", $"default-src 'none'; script-src '{Hash(script)}'; style-src '{Hash(style)}'; base-uri 'none'; form-action 'none'", StringComparison.Ordinal)
            .Replace("{style}", style, StringComparison.Ordinal)
            .Replace("{script}", script, StringComparison.Ordinal));
    }

    private static string Hash(string part) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(part)));

    private static string Part(string name) => Encoding.UTF8.GetString(BundleTexts.Read("Ledger." + name));
}
