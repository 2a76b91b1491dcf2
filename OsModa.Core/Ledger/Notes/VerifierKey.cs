using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using OsModa.Core.Ledger.Hashing;

namespace OsModa.Core.Ledger.Notes;

/// <summary>The signature types of C2SP signed-note that occur here.</summary>
public enum SignatureType
{
    None = 0,
    /// <summary>Over the text of the note.</summary>
    Ed25519 = 0x01,
    /// <summary>With the time, by a witness (C2SP tlog-cosignature).</summary>
    CosignatureV1 = 0x04,
    /// <summary>With the time, by a witness; read, but not yet checked: it needs OpenSSL 3.5.</summary>
    CosignatureMlDsa44 = 0x06,
}

/// <summary>Who may sign: name, kind of signature and public key. Text form <c>name+8 hexadecimal digits+base 64 of type and key</c> (vkey).</summary>
public sealed class VerifierKey
{
    private const int MlDsa44Bytes = 1312;
    private readonly byte[] _publicKey;

    private VerifierKey(string name, SignatureType type, byte[] publicKey) => (Name, Type, _publicKey, Id) = (name, type, publicKey, IdOf(name, type, publicKey));

    public string Name { get; }

    public SignatureType Type { get; }

    /// <summary>The first four bytes of SHA-256(name || newline || type || key), big endian.</summary>
    public uint Id { get; }

    public ReadOnlySpan<byte> PublicKey => _publicKey;

    /// <exception cref="ArgumentException">The name or the key's length is not allowed.</exception>
    public static VerifierKey Of(string name, SignatureType type, ReadOnlySpan<byte> publicKey) => KeyName.IsValid(name) && publicKey.Length == LengthOf(type)
        ? new VerifierKey(name, type, publicKey.ToArray())
        : throw new ArgumentException($"'{name}' with {publicKey.Length} bytes is no key of type {type}.", nameof(name));

    public static bool TryParse(string? text, [NotNullWhen(true)] out VerifierKey? key, [NotNullWhen(false)] out string? error)
    {
        key = null;
        error = "This is no key of a log or witness. It has the form name+c74f20a3+ARpc2Q…";
        if (text is not { Length: < 8192 } || text.Split('+', 3) is not [var name, var id, var encoded] || !KeyName.IsValid(name) || StrictBase64.Decode(encoded) is not [var type, .. var publicKey])
        {
            return false;
        }

        if (publicKey.Length != LengthOf((SignatureType)type))
        {
            error = $"The key {name} is of a type or length that is not known here.";
            return false;
        }

        var parsed = new VerifierKey(name, (SignatureType)type, publicKey);
        if (parsed.Id.ToString("x8") != id)
        {
            error = $"The key {name} is damaged: its number is {parsed.Id:x8} and not {id}.";
            return false;
        }

        (key, error) = (parsed, null);
        return true;
    }

    /// <summary>Whether <paramref name="signature"/> is this key's over the text of a note.</summary>
    internal bool Verifies(string text, NoteSignature signature) => Type switch
    {
        SignatureType.Ed25519 => Ed25519.Verify(_publicKey, Encoding.UTF8.GetBytes(text), signature.Bytes.Span),
        SignatureType.CosignatureV1 => Cosignature.TryRead(signature, out var time, out var sealedBytes) && Ed25519.Verify(_publicKey, Cosignature.Message(time, text), sealedBytes.Span),
        _ => false,
    };

    public override string ToString() => $"{Name}+{Id:x8}+{Convert.ToBase64String([(byte)Type, .. _publicKey])}";

    private static int LengthOf(SignatureType type) => type switch
    {
        SignatureType.Ed25519 or SignatureType.CosignatureV1 => Ed25519.KeyBytes,
        SignatureType.CosignatureMlDsa44 => MlDsa44Bytes,
        _ => -1,
    };

    private static uint IdOf(string name, SignatureType type, byte[] publicKey) =>
        BinaryPrimitives.ReadUInt32BigEndian(Sha256.Plain([.. Encoding.UTF8.GetBytes(name), (byte)'\n', (byte)type, .. publicKey]).AsSpan());
}
