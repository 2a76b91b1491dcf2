using System.Formats.Asn1;
using OsModa.Core.Observation.Wire;

namespace OsModa.Core.Ledger.Witnessing;

/// <summary>What an authority answers (RFC 3161, section 2.4.2): a status and, when that is granted, the token. It is also the form in which <c>openssl ts -verify -in</c> takes one.</summary>
internal static class TimestampAnswer
{
    private const int Granted = 0;
    private const int GrantedWithChanges = 1;
    private static readonly Asn1Tag Inner = new(TagClass.ContextSpecific, 0);

    /// <param name="answer">As it came.</param>
    /// <param name="token">Empty when there is none.</param>
    /// <returns>Why there is none; null when there is.</returns>
    public static string? Read(ReadOnlyMemory<byte> answer, out ReadOnlyMemory<byte> token)
    {
        token = default;
        try
        {
            var all = new AsnReader(answer, AsnEncodingRules.DER);
            var whole = all.ReadSequence();
            all.ThrowIfNotEmpty();
            var info = whole.ReadSequence();
            if (!info.TryReadInt32(out var status) || status is not (Granted or GrantedWithChanges))
            {
                return $"It refused: status {status}{Said(info)}.";
            }

            var read = whole.ReadEncodedValue();
            whole.ThrowIfNotEmpty();
            DemandPlain(read);
            token = read;
            return null;
        }
        catch (AsnContentException)
        {
            return "Its answer is none of RFC 3161.";
        }
    }

    /// <summary>An answer that grants this token.</summary>
    public static byte[] Of(ReadOnlySpan<byte> token)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteInteger(Granted);
            }

            writer.WriteEncodedValue(token);
        }

        return writer.Encode();
    }

    // The way to what is stamped, in DER as the RFC asks for it: everybody can read it then, verify.html too.
    private static void DemandPlain(ReadOnlyMemory<byte> token)
    {
        var message = new AsnReader(token, AsnEncodingRules.DER).ReadSequence();
        message.ReadObjectIdentifier();
        var signed = message.ReadSequence(Inner).ReadSequence();
        signed.ReadIntegerBytes();
        signed.ReadEncodedValue();
        var content = signed.ReadSequence();
        content.ReadObjectIdentifier();
        content.ReadSequence(Inner).ReadOctetString();
    }

    // Its reason in words, where it has one.
    private static string Said(AsnReader info)
    {
        if (!info.HasData || !info.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
        {
            return "";
        }

        var texts = info.ReadSequence();
        return texts.HasData ? $" (“{ServerText.Harmless(texts.ReadCharacterString(UniversalTagNumber.UTF8String), 200)}”)" : "";
    }
}
