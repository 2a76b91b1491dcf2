using System.Buffers;
using System.Text.Json;

namespace OsModa.Core.Observation.Wire;

/// <summary>Text out of JSON that a server sent.</summary>
internal static class JsonText
{
    /// <summary>
    /// The value behind the reader's property name, as harmless text: a string; or an array of bytes, which is how the journal writes what is
    /// not UTF-8; or nothing for null, which is how it writes what was too long.
    /// </summary>
    public static string Next(ref Utf8JsonReader reader, int most)
    {
        reader.Read();
        switch (reader.TokenType)
        {
            case JsonTokenType.String when !reader.ValueIsEscaped:
                return ServerText.Read(reader.ValueSpan, most);
            case JsonTokenType.String:
                return Unescaped(ref reader, most);
            case JsonTokenType.StartArray:
                return Bytes(ref reader, most);
            default:
                reader.Skip();
                return "";
        }
    }

    /// <summary>The bytes of the value behind the reader's property name when it is a string without escapes, else none.</summary>
    public static ReadOnlySpan<byte> NextPlain(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped)
        {
            return reader.ValueSpan;
        }

        reader.Skip();
        return default;
    }

    private static string Unescaped(ref Utf8JsonReader reader, int most)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            return ServerText.Read(buffer.AsSpan(0, reader.CopyString(buffer)), most);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static string Bytes(ref Utf8JsonReader reader, int most)
    {
        var bytes = new ArrayBufferWriter<byte>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.Number && reader.TryGetByte(out var b))
            {
                if (bytes.WrittenCount < most * 4)
                {
                    bytes.GetSpan(1)[0] = b;
                    bytes.Advance(1);
                }
            }
            else
            {
                reader.Skip();
            }
        }

        return ServerText.Read(bytes.WrittenSpan, most);
    }
}
