using System.Buffers;
using System.Buffers.Text;
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
    private const int Fields = 4;
    private const int MostIdDigits = 19;
    private const int MostWordBytes = 128;
    private static readonly SearchValues<byte> WordBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:@/-"u8);
    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdef"u8);

    public long Id { get; private init; }

    public ReadOnlySpan<byte> Ts { get; private init; }

    public ReadOnlySpan<byte> Type { get; private init; }

    public ReadOnlySpan<byte> Actor { get; private init; }

    public ReadOnlySpan<byte> Payload { get; private init; }

    public static bool TryFind(ReadOnlySpan<byte> preImage, out PipedFields fields)
    {
        fields = default;
        Span<int> pipes = stackalloc int[Fields];
        if (!TryPipes(preImage, pipes))
        {
            return false;
        }

        var idText = preImage[..pipes[0]];
        var ts = preImage[(pipes[0] + 1)..pipes[1]];
        var type = preImage[(pipes[1] + 1)..pipes[2]];
        var actor = preImage[(pipes[2] + 1)..pipes[3]];
        var rest = preImage[(pipes[3] + 1)..];
        if (idText.Length is 0 or > MostIdDigits || type.Length is 0 or > MostWordBytes || actor.Length is 0 or > MostWordBytes
            || !IsNumber(idText, out var id) || !IsTime(ts) || type.ContainsAnyExcept(WordBytes) || actor.ContainsAnyExcept(WordBytes)
            || rest.Length <= HashDigits
            || rest[^(HashDigits + 1)] != Pipe
            || !IsHash(rest[^HashDigits..]))
        {
            return false;
        }

        var payload = rest[..^(HashDigits + 1)];
        fields = new PipedFields { Id = id, Ts = ts, Type = type, Actor = actor, Payload = payload };
        return Utf8.IsValid(payload);
    }

    // Where the first ones are: mostly all within one vector.
    private static bool TryPipes(ReadOnlySpan<byte> text, Span<int> pipes)
    {
        var found = 0;
        if (text.Length >= Vector512<byte>.Count)
        {
            for (var at = Vector512.Equals(Vector512.Create(text), Vector512.Create(Pipe)).ExtractMostSignificantBits(); at != 0 && found < pipes.Length; at &= at - 1)
            {
                pipes[found++] = BitOperations.TrailingZeroCount(at);
            }
        }

        for (; found < pipes.Length; found++)
        {
            var from = found == 0 ? 0 : pipes[found - 1] + 1;
            var next = text.Slice(from, Math.Min(text.Length - from, MostWordBytes + 1)).IndexOf(Pipe);
            if (next < 0)
            {
                return false;
            }

            pipes[found] = from + next;
        }

        return true;
    }

    private static bool IsNumber(ReadOnlySpan<byte> text, out long number) =>
        Utf8Parser.TryParse(text, out number, out var used) && used == text.Length && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9') && (text[0] != (byte)'0' || text.Length == 1);

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
