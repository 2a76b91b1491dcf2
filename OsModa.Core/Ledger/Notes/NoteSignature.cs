using System.Buffers.Binary;
using OsModa.Core.Ledger.Hashing;

namespace OsModa.Core.Ledger.Notes;

/// <summary>One line below a note: <c>— name base64(id || signature)</c>, with the em dash U+2014.</summary>
/// <param name="Name">Of the key.</param>
/// <param name="Id">Of the key.</param>
/// <param name="Bytes">What the key's kind of signature makes; not empty.</param>
public sealed record NoteSignature(string Name, uint Id, ReadOnlyMemory<byte> Bytes)
{
    private const string Dash = "— ";
    private const int IdBytes = 4;

    /// <summary>Without the newline at its end.</summary>
    public string Line
    {
        get
        {
            var blob = new byte[IdBytes + Bytes.Length];
            BinaryPrimitives.WriteUInt32BigEndian(blob, Id);
            Bytes.CopyTo(blob.AsMemory(IdBytes));
            return $"{Dash}{Name} {Convert.ToBase64String(blob)}";
        }
    }

    /// <summary>Null when the line is none.</summary>
    public static NoteSignature? Parse(string line) =>
        line.StartsWith(Dash, StringComparison.Ordinal)
        && line[Dash.Length..].Split(' ') is [var name, var encoded]
        && KeyName.IsValid(name)
        && StrictBase64.Decode(encoded) is { Length: > IdBytes } blob
            ? new NoteSignature(name, BinaryPrimitives.ReadUInt32BigEndian(blob), blob.AsMemory(IdBytes))
            : null;

    public bool IsBy(VerifierKey key) => Name == key.Name && Id == key.Id;
}
