using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace OsModa.Core.Storage;

/// <summary>
/// Encrypts secrets for the database: AES-256-GCM with the <see cref="MasterKey"/>. Purpose and owner are bound in as associated data, so a
/// row that is swapped with another organisation's, or used for something else, does not open.
/// Layout: format (1 byte, 1), id of the master key (4), nonce (12), tag (16), ciphertext.
/// </summary>
public sealed class SecretBox(MasterKey master)
{
    private const byte Format = 1;
    private const int IdAt = 1;
    private const int NonceAt = 5;
    private const int TagAt = 17;
    private const int TextAt = 33;

    /// <param name="secret">What to encrypt.</param>
    /// <param name="purpose">A constant of the caller's, such as <c>organisation-key</c>.</param>
    /// <param name="owner">Id of the organisation.</param>
    public byte[] Seal(Secret secret, string purpose, Guid owner)
    {
        var plain = secret.Reveal().Span;
        var sealedText = new byte[TextAt + plain.Length];
        sealedText[0] = Format;
        master.Id.Span.CopyTo(sealedText.AsSpan(IdAt));
        RandomNumberGenerator.Fill(sealedText.AsSpan(NonceAt, TagAt - NonceAt));
        using var aes = new AesGcm(master.Key.Reveal().Span, TextAt - TagAt);
        aes.Encrypt(sealedText.AsSpan(NonceAt, TagAt - NonceAt), plain, sealedText.AsSpan(TextAt), sealedText.AsSpan(TagAt, TextAt - TagAt), Binding(purpose, owner));
        return sealedText;
    }

    /// <exception cref="SecretUnreadableException">Another master key, another row, or damaged.</exception>
    public Secret Open(ReadOnlySpan<byte> sealedText, string purpose, Guid owner)
    {
        if (sealedText.Length < TextAt || sealedText[0] != Format)
        {
            throw new SecretUnreadableException("A secret in the database is damaged.");
        }

        if (!sealedText[IdAt..NonceAt].SequenceEqual(master.Id.Span))
        {
            throw new SecretUnreadableException("A secret in the database was encrypted with another master key than the one in use. Put the right master key back.");
        }

        var plain = new byte[sealedText.Length - TextAt];
        try
        {
            using var aes = new AesGcm(master.Key.Reveal().Span, TextAt - TagAt);
            aes.Decrypt(sealedText[NonceAt..TagAt], sealedText[TextAt..], sealedText[TagAt..TextAt], plain, Binding(purpose, owner));
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new SecretUnreadableException("A secret in the database is damaged, or stands in another row than the one it was made for.", e);
        }

        return Secret.Take(plain);
    }

    // The length comes first: no purpose and owner run together into another pair.
    private static byte[] Binding(string purpose, Guid owner)
    {
        var words = Encoding.UTF8.GetBytes(purpose);
        var binding = new byte[4 + words.Length + 16];
        BinaryPrimitives.WriteInt32BigEndian(binding, words.Length);
        words.CopyTo(binding, 4);
        owner.TryWriteBytes(binding.AsSpan(4 + words.Length), bigEndian: true, out _);
        return binding;
    }
}

/// <summary>A secret of the database does not open; the message says why, for a person.</summary>
public sealed class SecretUnreadableException(string message, Exception? inner = null) : Exception(message, inner);
