using System.Buffers;

namespace OsModa.Core.Ledger.Bundles;

/// <summary>A way to write entries down for people and their tools. The same entries always give the same bytes.</summary>
internal interface IEventText
{
    /// <summary>What stands before the first.</summary>
    ReadOnlySpan<byte> Head { get; }

    void Append(EventRow row, IBufferWriter<byte> text);
}

internal static class EventTexts
{
    private const int Enough = 128 * 1024;

    public static void Write(this IEventText format, IEnumerable<EventRow> rows, Stream to)
    {
        var text = new ArrayBufferWriter<byte>(Enough);
        text.Write(format.Head);
        foreach (var row in rows)
        {
            format.Append(row, text);
            if (text.WrittenCount >= Enough)
            {
                to.Write(text.WrittenSpan);
                text.ResetWrittenCount();
            }
        }

        to.Write(text.WrittenSpan);
    }
}
