using System.Text.Json;

namespace OsModa.Core.Observation.Wire;

/// <summary>An entry of the journal as <c>journalctl -o json</c> prints it.</summary>
internal readonly record struct JournalObject
{
    private const int WordMost = 64;
    private const int PathMost = 256;
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 4 };

    public DateTimeOffset? At { get; private init; }

    public string Message { get; private init; }

    public string MessageId { get; private init; }

    /// <summary>UNIT of systemd's own entries, _SYSTEMD_UNIT of others.</summary>
    public string Unit { get; private init; }

    public string Identifier { get; private init; }

    /// <summary>0 emergency to 7 debugging; 6 where the entry has none.</summary>
    public int Priority { get; private init; }

    public int? Pid { get; private init; }

    /// <summary>_UID: as the kernel told journald, not as the writer says.</summary>
    public int? Uid { get; private init; }

    /// <summary>_COMM: name of the program that wrote it.</summary>
    public string Program { get; private init; }

    /// <summary>_EXE: where the program lies that wrote it; empty where it is not known.</summary>
    public string Executable { get; private init; }

    /// <summary>_BOOT_ID.</summary>
    public Guid? Boot { get; private init; }

    /// <summary>__CURSOR; null when it is none.</summary>
    public JournalCursor? Cursor { get; private init; }

    /// <summary>Reads a line; texts are cut to <paramref name="most"/> characters. False: it is no JSON object.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, int most, out JournalObject entry)
    {
        entry = new JournalObject { Message = "", MessageId = "", Unit = "", Identifier = "", Program = "", Executable = "", Priority = 6 };
        try
        {
            var reader = new Utf8JsonReader(json, Options);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                entry = Take(ref reader, entry, most);
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static JournalObject Take(ref Utf8JsonReader reader, JournalObject entry, int most)
    {
        if (reader.ValueTextEquals("MESSAGE"u8))
        {
            return entry with { Message = JsonText.Next(ref reader, most) };
        }

        if (reader.ValueTextEquals("__REALTIME_TIMESTAMP"u8))
        {
            return entry with { At = Numbers.Moment(JsonText.NextPlain(ref reader)) };
        }

        if (reader.ValueTextEquals("PRIORITY"u8))
        {
            return Numbers.ReadInt(JsonText.NextPlain(ref reader)) is { } priority and <= 7 ? entry with { Priority = priority } : entry;
        }

        if (reader.ValueTextEquals("_PID"u8))
        {
            return entry with { Pid = Numbers.ReadInt(JsonText.NextPlain(ref reader)) };
        }

        if (reader.ValueTextEquals("_UID"u8))
        {
            return entry with { Uid = Numbers.ReadInt(JsonText.NextPlain(ref reader)) };
        }

        if (reader.ValueTextEquals("_COMM"u8))
        {
            return entry with { Program = JsonText.Next(ref reader, WordMost) };
        }

        if (reader.ValueTextEquals("_EXE"u8))
        {
            return entry with { Executable = JsonText.Next(ref reader, PathMost) };
        }

        if (reader.ValueTextEquals("_BOOT_ID"u8))
        {
            return entry with { Boot = Guid.TryParseExact(JsonText.Next(ref reader, WordMost), "N", out var boot) ? boot : null };
        }

        if (reader.ValueTextEquals("__CURSOR"u8))
        {
            return entry with { Cursor = JournalCursor.TryParse(JsonText.Next(ref reader, JournalCursor.LengthMost + 1), out var cursor) ? cursor : null };
        }

        if (reader.ValueTextEquals("MESSAGE_ID"u8))
        {
            return entry with { MessageId = JsonText.Next(ref reader, WordMost) };
        }

        if (reader.ValueTextEquals("SYSLOG_IDENTIFIER"u8))
        {
            return entry with { Identifier = JsonText.Next(ref reader, WordMost) };
        }

        if (reader.ValueTextEquals("UNIT"u8))
        {
            return entry with { Unit = JsonText.Next(ref reader, 256) };
        }

        if (reader.ValueTextEquals("_SYSTEMD_UNIT"u8) && entry.Unit.Length == 0)
        {
            return entry with { Unit = JsonText.Next(ref reader, 256) };
        }

        reader.Skip();
        return entry;
    }
}
