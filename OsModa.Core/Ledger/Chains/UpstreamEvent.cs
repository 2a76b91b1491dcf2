using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using OsModa.Core.Ledger.Hashing;

namespace OsModa.Core.Ledger.Chains;

/// <summary>How osModa's agentd joins the fields of an event before it hashes them.</summary>
public enum ChainFormat
{
    /// <summary>One after the other: the older format, in which different events can have the same hash.</summary>
    Concatenated,
    /// <summary>With <c>|</c> between them.</summary>
    Piped,
}

/// <summary>One event of a server's own chain, as its database has it. Everything in it is the server's word.</summary>
/// <param name="Id">From 1; ids may be skipped.</param>
/// <param name="Ts">ISO 8601 with milliseconds, UTC.</param>
/// <param name="Type">Such as <c>nixos.switch</c>.</param>
/// <param name="Actor">Who.</param>
/// <param name="Payload">JSON, verbatim.</param>
/// <param name="PreviousHash">Of the event before; zero for the first.</param>
public sealed record UpstreamEvent(long Id, string Ts, string Type, string Actor, string Payload, TreeHash PreviousHash)
{
    private const int HashDigits = 2 * TreeHash.Bytes;

    /// <summary>What the server hashes.</summary>
    public byte[] PreImage(ChainFormat format)
    {
        var between = format == ChainFormat.Piped ? "|" : "";
        return Encoding.UTF8.GetBytes(string.Join(between, Id.ToString(CultureInfo.InvariantCulture), Ts, Type, Actor, Payload, PreviousHash.ToHex()));
    }

    public TreeHash Hash(ChainFormat format) => Sha256.Plain(PreImage(format));

    /// <summary>Takes a piped pre-image apart; false when it could have come from other fields too, or from none.</summary>
    public static bool TryParsePiped(ReadOnlySpan<byte> preImage, [NotNullWhen(true)] out UpstreamEvent? parsed)
    {
        parsed = null;
        if (!PipedFields.TryFind(preImage, out var fields) || !TryPreviousHash(preImage, out var previous))
        {
            return false;
        }

        parsed = new UpstreamEvent(
            fields.Id, Encoding.UTF8.GetString(fields.Ts), Encoding.UTF8.GetString(fields.Type), Encoding.UTF8.GetString(fields.Actor), Encoding.UTF8.GetString(fields.Payload), previous);
        return true;
    }

    /// <summary>The hash at the end of a pre-image of either format; false when there is none.</summary>
    public static bool TryPreviousHash(ReadOnlySpan<byte> preImage, out TreeHash previous)
    {
        previous = default;
        return preImage.Length > HashDigits && TreeHash.TryParseHex(preImage[^HashDigits..], out previous);
    }
}
