using OsModa.Core.Ledger.Notes;

namespace OsModa.Core.Ledger.Witnessing;

/// <summary>A witness that heads of ours are sent to (C2SP tlog-witness).</summary>
/// <param name="Prefix">Its submission prefix: heads go to <c>…/add-checkpoint</c>.</param>
/// <param name="Key">What it cosigns with.</param>
public sealed record OutsideWitness(Uri Prefix, VerifierKey Key);

/// <summary>Who vouches for our ledgers, and for whose we vouch.</summary>
/// <param name="Witnesses">Settings <c>Ledger:Witnesses:0:Url</c> and <c>Ledger:Witnesses:0:Key</c>, and so on.</param>
/// <param name="Logs">Settings <c>Ledger:WitnessFor:0</c> and so on: keys of logs of others whose heads this dashboard cosigns.</param>
public sealed record WitnessSettings(IReadOnlyList<OutsideWitness> Witnesses, IReadOnlyList<VerifierKey> Logs)
{
    public static WitnessSettings None { get; } = new([], []);

    /// <exception cref="Storage.StartRefusedException">A setting makes no sense; says which.</exception>
    public static WitnessSettings Parse(IEnumerable<(string? Url, string? Key)> witnesses, IEnumerable<string?> logs)
    {
        var (parsed, known) = (new List<OutsideWitness>(), new List<VerifierKey>());
        foreach (var (url, text) in witnesses)
        {
            if (!Uri.TryCreate(url?.TrimEnd('/') + "/", UriKind.Absolute, out var prefix) || prefix.Scheme is not ("https" or "http"))
            {
                throw new Storage.StartRefusedException($"The setting Ledger:Witnesses names a witness at '{url}', which is no web address. It has the form https://witness.example/prefix.");
            }

            parsed.Add(VerifierKey.TryParse(text, out var key, out var error) && key.Type == SignatureType.CosignatureV1
                ? new OutsideWitness(prefix, key)
                : throw new Storage.StartRefusedException($"The setting Ledger:Witnesses has no key for {url} that a witness cosigns with. {error}"));
        }

        foreach (var text in logs)
        {
            known.Add(VerifierKey.TryParse(text, out var key, out var error) && key.Type == SignatureType.Ed25519
                ? key
                : throw new Storage.StartRefusedException($"The setting Ledger:WitnessFor has '{text}', which is no key of a log. {error}"));
        }

        return new WitnessSettings(parsed, known);
    }
}
