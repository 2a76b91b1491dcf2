using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Runtime.Intrinsics;
using System.Text.Unicode;
using OsModa.Core.Ledger.Hashing;

namespace OsModa.Core.Ledger.Chains;

/// <summary>
/// Where the fields of a piped pre-image are, if it can be read in one way only. Id: digits. Time: <c>2026-01-02T03:04:05.678Z</c>. Type and actor: 1 to 128 of letters, digits
/// and <c>._:@/-</c>, so no <c>|</c>. Then the payload, which may hold anything that is UTF-8, and the hash of the event before.
/// </summary>
internal readonly ref struct PipedFields
{
    private const byte Pipe = (byte)'|';
    private const int HashDigits = 2 * TreeHash.Bytes;
    private const int MostIdDigits = 19;
    private const int MostWordBytes = 128;
    private static readonly SearchValues<byte> WordBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:@/-"u8);
    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdef"u8);
    private readonly ReadOnlySpan<byte> _id;

    private PipedFields(ReadOnlySpan<byte> id) => _id = id;

    /// <summary>Worked out each time that it is asked for.</summary>
    public long Id => long.Parse(_id, NumberStyles.None, CultureInfo.InvariantCulture);

    public ReadOnlySpan<byte> Ts { get; private init; }

    public ReadOnlySpan<byte> Type { get; private init; }

    public ReadOnlySpan<byte> Actor { get; private init; }

    public ReadOnlySpan<byte> Payload { get; private init; }

    public static bool TryFind(ReadOnlySpan<byte> preImage, out PipedFields fields) => TryFind(preImage, hashIsRead: false, out fields);

    /// <param name="preImage">What the server hashed.</param>
    /// <param name="hashIsRead">Its end is known to be a hash.</param>
    /// <param name="fields">Where they are.</param>
    public static bool TryFind(ReadOnlySpan<byte> preImage, bool hashIsRead, out PipedFields fields)
    {
        fields = default;
        if (!TryWords(preImage, out var words))
        {
            return false;
        }

        var rest = preImage[(words.Actor + 1)..];
        var ts = preImage[(words.Id + 1)..words.Ts];
        var id = preImage[..words.Id];
        if (!IsNumber(id) || !IsTime(ts) || rest.Length <= HashDigits || rest[^(HashDigits + 1)] != Pipe || !(hashIsRead || IsHash(rest[^HashDigits..])))
        {
            return false;
        }

        var payload = rest[..^(HashDigits + 1)];
        fields = new PipedFields(id) { Ts = ts, Type = preImage[(words.Ts + 1)..words.Type], Actor = preImage[(words.Type + 1)..words.Actor], Payload = payload };
        return Utf8.IsValid(payload);
    }

    // Where the first four fields end, if type and actor are words. Mostly all of them stand in one vector, and one look is enough.
    private static bool TryWords(ReadOnlySpan<byte> text, out (int Id, int Ts, int Type, int Actor) ends)
    {
        ends = default;
        if (text.Length >= Vector512<byte>.Count)
        {
            var start = Vector512.Create(text);
            var pipes = Vector512.Equals(start, Vector512.Create(Pipe)).ExtractMostSignificantBits();
            if (BitOperations.PopCount(pipes) >= 4)
            {
                ends = (Next(ref pipes), Next(ref pipes), Next(ref pipes), Next(ref pipes));
                var words = AreWords(start).ExtractMostSignificantBits();
                return ends.Type > ends.Ts + 1 && ends.Actor > ends.Type + 1 && AllSet(words, ends.Ts + 1, ends.Type) && AllSet(words, ends.Type + 1, ends.Actor);
            }
        }

        ends.Id = End(text, 0, MostIdDigits);
        ends.Ts = ends.Id < 0 ? -1 : End(text, ends.Id + 1, MostWordBytes);
        ends.Type = ends.Ts < 0 ? -1 : End(text, ends.Ts + 1, MostWordBytes);
        ends.Actor = ends.Type < 0 ? -1 : End(text, ends.Type + 1, MostWordBytes);
        return ends.Actor >= 0 && !text[(ends.Ts + 1)..ends.Type].ContainsAnyExcept(WordBytes) && !text[(ends.Type + 1)..ends.Actor].ContainsAnyExcept(WordBytes);
    }

    // Where the field that begins there ends; -1 when it is empty or too long.
    private static int End(ReadOnlySpan<byte> text, int from, int most) => text.Slice(from, Math.Min(text.Length - from, most + 1)).IndexOf(Pipe) is > 0 and var length ? from + length : -1;

    private static int Next(ref ulong bits)
    {
        var first = BitOperations.TrailingZeroCount(bits);
        bits &= bits - 1;
        return first;
    }

    private static bool AllSet(ulong bits, int from, int to) => (((1UL << to) - (1UL << from)) & ~bits) == 0;

    // In ASCII the letters of a word stand in three ranges: - . / digits :, then @ and capitals, then small letters; and _ alone.
    private static Vector512<byte> AreWords(Vector512<byte> text) =>
        AreBetween(text, (byte)'-', (byte)':') | AreBetween(text, (byte)'@', (byte)'Z') | AreBetween(text, (byte)'a', (byte)'z') | Vector512.Equals(text, Vector512.Create((byte)'_'));

    private static Vector512<byte> AreBetween(Vector512<byte> text, byte first, byte last) =>
        Vector512.LessThanOrEqual(text - Vector512.Create(first), Vector512.Create((byte)(last - first)));

    // What fits into a long, in its one spelling.
    private static bool IsNumber(ReadOnlySpan<byte> text) =>
        text.Length is > 0 and <= MostIdDigits && (text[0] != (byte)'0' || text.Length == 1) && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9')
        && (text.Length < MostIdDigits || text.SequenceCompareTo("9223372036854775807"u8) <= 0);

    private static bool IsTime(ReadOnlySpan<byte> text)
    {
        var shape = "0000-00-00T00:00:00.000Z"u8;
        return text.Length == shape.Length && Fits(text, shape) && Fits(text[^Vector128<byte>.Count..], shape[^Vector128<byte>.Count..]);
    }

    // The first sixteen bytes: a digit where the shape has 0, and what it has otherwise.
    private static bool Fits(ReadOnlySpan<byte> text, ReadOnlySpan<byte> shape)
    {
        var (given, wanted, zero) = (Vector128.Create(text), Vector128.Create(shape), Vector128.Create((byte)'0'));
        var digits = Vector128.LessThanOrEqual(given - zero, Vector128.Create((byte)9));
        return Vector128.ConditionalSelect(Vector128.Equals(wanted, zero), digits, Vector128.Equals(given, wanted)) == Vector128<byte>.AllBitsSet;
    }

    private static bool IsHash(ReadOnlySpan<byte> text) => !text.ContainsAnyExcept(HexDigits);
}
