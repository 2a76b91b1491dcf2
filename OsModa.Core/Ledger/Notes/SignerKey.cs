using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Storage;

namespace OsModa.Core.Ledger.Notes;

/// <summary>A private key with its name. Text form <c>PRIVATE+KEY+name+8 hexadecimal digits+base 64 of type and seed</c> (skey), as C2SP's tools read it.</summary>
public sealed class SignerKey : IDisposable
{
    private const string Prefix = "PRIVATE+KEY+";
    private readonly Secret _seed;

    private SignerKey(string name, Secret seed)
    {
        _seed = seed;
        var publicKey = Ed25519.PublicKey(seed.Reveal().Span);
        Verifier = VerifierKey.Of(name, SignatureType.Ed25519, publicKey);
        WitnessVerifier = VerifierKey.Of(name, SignatureType.CosignatureV1, publicKey);
    }

    public string Name => Verifier.Name;

    /// <summary>Who checks what <see cref="Sign"/> gives.</summary>
    public VerifierKey Verifier { get; }

    /// <summary>Who checks what <see cref="Cosign"/> gives.</summary>
    public VerifierKey WitnessVerifier { get; }

    public static SignerKey Generate(string name)
    {
        Span<byte> seed = stackalloc byte[Ed25519.KeyBytes];
        RandomNumberGenerator.Fill(seed);
        return new SignerKey(name, Secret.Take(seed));
    }

    public static bool TryParse(string? text, [NotNullWhen(true)] out SignerKey? key)
    {
        key = null;
        if (text is not { Length: < 8192 }
            || !text.StartsWith(Prefix, StringComparison.Ordinal)
            || text[Prefix.Length..].Split('+', 3) is not [var name, var id, var encoded]
            || !KeyName.IsValid(name)
            || StrictBase64.Decode(encoded) is not [(byte)SignatureType.Ed25519, .. { Length: Ed25519.KeyBytes } seed])
        {
            return false;
        }

        var parsed = new SignerKey(name, Secret.Take(seed));
        if (parsed.Verifier.Id.ToString("x8") != id)
        {
            parsed.Dispose();
            return false;
        }

        key = parsed;
        return true;
    }

    /// <summary>Signs the text of a note, which ends in a newline.</summary>
    public NoteSignature Sign(string text) => new(Name, Verifier.Id, Ed25519.Sign(_seed.Reveal().Span, Encoding.UTF8.GetBytes(text)));

    /// <summary>States, as a witness, that the checkpoint of this text was the newest seen at this time.</summary>
    /// <param name="text">Of the checkpoint.</param>
    /// <param name="time">Whole seconds of it are signed.</param>
    public NoteSignature Cosign(string text, DateTimeOffset time)
    {
        var seconds = time.ToUnixTimeSeconds();
        return new NoteSignature(Name, WitnessVerifier.Id, Cosignature.Bytes(seconds, Ed25519.Sign(_seed.Reveal().Span, Cosignature.Message(seconds, text))));
    }

    /// <summary>The private key in full: for its file alone.</summary>
    internal string ToSecretText() => $"{Prefix}{Name}+{Verifier.Id:x8}+{Convert.ToBase64String([(byte)SignatureType.Ed25519, .. _seed.Reveal().Span])}";

    public void Dispose() => _seed.Dispose();
}
