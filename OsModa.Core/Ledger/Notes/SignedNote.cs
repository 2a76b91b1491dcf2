using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace OsModa.Core.Ledger.Notes;

/// <summary>
/// A text with signatures below it, after an empty line (C2SP signed-note). That it was read says nothing about who signed it: ask <see cref="Check"/>.
/// </summary>
/// <param name="Text">With its last newline.</param>
/// <param name="Signatures">In their order; none may be missing from what is written out again.</param>
public sealed record SignedNote(string Text, ImmutableArray<NoteSignature> Signatures)
{
    /// <summary>What is read at most: the specification asks for sixteen signatures, Go's reader takes a hundred.</summary>
    public const int MostSignatures = 100;

    /// <summary>What is read at most; a hundred signatures of the longest kind fit.</summary>
    public const int MostBytes = 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static SignedNote Sign(string text, params ReadOnlySpan<SignerKey> keys)
    {
        var signatures = ImmutableArray.CreateBuilder<NoteSignature>();
        foreach (var key in keys)
        {
            signatures.Add(key.Sign(text));
        }

        return new SignedNote(text, signatures.ToImmutable());
    }

    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SignedNote? note)
    {
        note = null;
        if (bytes.Length > MostBytes || Decode(bytes) is not { } all || all.Any(static c => c < ' ' && c != '\n'))
        {
            return false;
        }

        var end = all.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0 || end + 2 == all.Length || !all.EndsWith('\n'))
        {
            return false;
        }

        var lines = all[(end + 2)..^1].Split('\n', MostSignatures + 1);
        var signatures = ImmutableArray.CreateBuilder<NoteSignature>();
        foreach (var line in lines)
        {
            if (signatures.Count == MostSignatures || NoteSignature.Parse(line) is not { } signature)
            {
                return false;
            }

            signatures.Add(signature);
        }

        note = new SignedNote(all[..(end + 1)], signatures.ToImmutable());
        return true;
    }

    /// <summary>Which of these keys signed it. Signatures of others are nobody's business; one of these that is wrong spoils the whole note.</summary>
    /// <returns>The keys, each once, or null when a signature by one of them is wrong.</returns>
    public ImmutableArray<VerifierKey>? Check(IEnumerable<VerifierKey> known)
    {
        var signers = ImmutableArray.CreateBuilder<VerifierKey>();
        foreach (var key in known)
        {
            var signed = false;
            foreach (var signature in Signatures.Where(signature => signature.IsBy(key)))
            {
                if (key.Type != SignatureType.CosignatureMlDsa44 && !key.Verifies(Text, signature))
                {
                    return null;
                }

                signed = key.Type != SignatureType.CosignatureMlDsa44;
            }

            if (signed)
            {
                signers.Add(key);
            }
        }

        return signers.ToImmutable();
    }

    /// <summary>When this witness cosigned, by its own clock; null when it did not. The signature is not checked here.</summary>
    public DateTimeOffset? CosignedAt(VerifierKey witness) => Signatures
        .Where(signature => signature.IsBy(witness))
        .Select(Cosignature.TimeOf)
        .FirstOrDefault();

    public SignedNote With(NoteSignature signature) => this with { Signatures = Signatures.Add(signature) };

    public override string ToString() => $"{Text}\n{string.Concat(Signatures.Select(static signature => signature.Line + "\n"))}";

    private static string? Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
