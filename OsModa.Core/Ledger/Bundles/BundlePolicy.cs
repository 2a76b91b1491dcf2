using System.Text;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Core.Ledger.Bundles;

/// <summary><c>policy.txt</c>: with which keys the heads in the file are signed and cosigned (C2SP tlog-policy). The reader has to compare them with what they know.</summary>
internal static class BundlePolicy
{
    private const string Group = "witnesses";

    /// <param name="key">What the head is signed with.</param>
    /// <param name="changes">Of the log's key, those that the head has.</param>
    /// <param name="witnesses">Keys that heads are sent to for a cosignature.</param>
    /// <param name="head">That the file ends with.</param>
    public static byte[] Write(VerifierKey key, IReadOnlyList<KeyChange> changes, IEnumerable<VerifierKey> witnesses, SignedHead head)
    {
        VerifierKey[] keys = changes.Count == 0 ? [key] : [changes[0].Old, .. changes.Select(static change => change.New)];
        var known = witnesses.DistinctBy(PublicKey).ToList();
        var names = known.Select(static (_, index) => $"witness-{index + 1}").ToList();      // those of keys may be the same
        // A head that is exported before a witness has answered would not verify by its own file.
        var isCosigned = head.Note?.Check(known) is { Length: > 0 };
        string[] lines =
        [
            .. keys.DistinctBy(PublicKey).Select(static one => $"log {one}"),
            .. names.Zip(known, static (name, witness) => $"witness {name} {witness}"),
            .. known.Count == 0 ? Array.Empty<string>() : [$"group {Group} any {string.Join(' ', names)}"],
            $"quorum {(isCosigned ? Group : TrustPolicy.NoQuorum)}",
        ];
        return Encoding.UTF8.GetBytes(string.Concat(lines.Select(static line => line + "\n")));
    }

    private static string PublicKey(VerifierKey key) => Convert.ToBase64String(key.PublicKey);
}
