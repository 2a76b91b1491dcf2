using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
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
public sealed partial record UpstreamEvent(long Id, string Ts, string Type, string Actor, string Payload, TreeHash PreviousHash)
{
    private const byte Pipe = (byte)'|';
    private const int HashDigits = 2 * TreeHash.Bytes;
    private const int MostFieldBytes = 128;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What the server hashes.</summary>
    public byte[] PreImage(ChainFormat format)
    {
        var between = format == ChainFormat.Piped ? "|" : "";
        return Encoding.UTF8.GetBytes(string.Join(between, Id.ToString(CultureInfo.InvariantCulture), Ts, Type, Actor, Payload, PreviousHash.ToHex()));
    }

    public TreeHash Hash(ChainFormat format) => Sha256.Plain(PreImage(format));

    /// <summary>Whether the piped form has one reading only: no field before the payload can hold a <c>|</c> or be taken for another.</summary>
    public bool IsUnambiguous => Id >= 0 && Time().IsMatch(Ts) && Word().IsMatch(Type) && Word().IsMatch(Actor);

    /// <summary>Takes a piped pre-image apart; false when it could have come from other fields too, or from none.</summary>
    public static bool TryParsePiped(ReadOnlySpan<byte> preImage, out UpstreamEvent? parsed)
    {
        parsed = null;
        var rest = preImage;
        if (!TryTake(ref rest, out var id) || !TryTake(ref rest, out var ts) || !TryTake(ref rest, out var type) || !TryTake(ref rest, out var actor)
            || rest.Length <= HashDigits
            || rest[^(HashDigits + 1)] != Pipe
            || !TreeHash.TryParseHex(rest[^HashDigits..], out var previous)
            || !long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || (id.Length > 1 && id[0] == (byte)'0'))
        {
            return false;
        }

        try
        {
            var read = new UpstreamEvent(number, Strict.GetString(ts), Strict.GetString(type), Strict.GetString(actor), Strict.GetString(rest[..^(HashDigits + 1)]), previous);
            parsed = read.IsUnambiguous ? read : null;
            return read.IsUnambiguous;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    /// <summary>The hash at the end of a pre-image of either format; false when there is none.</summary>
    public static bool TryPreviousHash(ReadOnlySpan<byte> preImage, out TreeHash previous)
    {
        previous = default;
        return preImage.Length > HashDigits && TreeHash.TryParseHex(preImage[^HashDigits..], out previous);
    }

    private static bool TryTake(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> field)
    {
        var end = rest.IndexOf(Pipe);
        field = end < 0 ? default : rest[..end];
        rest = end < 0 ? rest : rest[(end + 1)..];
        return end is >= 0 and <= MostFieldBytes;
    }

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z\z", RegexOptions.NonBacktracking)]
    private static partial Regex Time();

    [GeneratedRegex(@"\A[A-Za-z0-9._:@/-]{1,128}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Word();
}
