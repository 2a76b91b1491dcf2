using System.Buffers;
using System.Text.Json;

namespace OsModa.Core.Observation.Wire;

/// <summary>The body of a signal: <c>{"type":…,"data":[…]}</c>.</summary>
internal struct BusBody
{
    private const int InvocationBytes = 16;
    private UnitFields _fields;

    /// <summary>First string of the body, where it is the name of a unit.</summary>
    public UnitName? Unit { get; private set; }

    /// <summary>First boolean of the body.</summary>
    public bool? Flag { get; private set; }

    /// <summary>Known properties out of the body's dictionary.</summary>
    public readonly UnitChange? Change => _fields.Change;

    public void Read(ref Utf8JsonReader reader, UnitNames names)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isData = reader.ValueTextEquals("data"u8);
            reader.Read();
            if (isData && reader.TokenType == JsonTokenType.StartArray)
            {
                ReadArguments(ref reader, names);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void ReadArguments(ref Utf8JsonReader reader, UnitNames names)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.String when Unit is null:
                    // Escaped as a field is.
                    Unit = names.Find(reader.ValueSpan);
                    break;
                case JsonTokenType.True or JsonTokenType.False:
                    Flag ??= reader.GetBoolean();
                    break;
                case JsonTokenType.StartObject:
                    ReadProperties(ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private void ReadProperties(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            reader.Read();
            ReadValue(ref reader, name);
        }
    }

    // A value is {"type":"s","data":"active"}.
    private void ReadValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isData = reader.ValueTextEquals("data"u8);
            reader.Read();
            switch (reader.TokenType)
            {
                case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False when isData:
                    _fields.Take(name, reader.ValueSpan);
                    break;
                case JsonTokenType.String when isData:
                    TakeText(ref reader, name);
                    break;
                case JsonTokenType.StartArray when isData && name.SequenceEqual("InvocationID"u8):
                    TakeInvocation(ref reader, name);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private void TakeText(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        if (!reader.ValueIsEscaped)
        {
            _fields.Take(name, reader.ValueSpan);
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            _fields.Take(name, buffer.AsSpan(0, reader.CopyString(buffer)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Sixteen numbers; as text they are 32 hexadecimal digits.
    private void TakeInvocation(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        Span<byte> bytes = stackalloc byte[InvocationBytes];
        var count = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.Number)
        {
            if (count < InvocationBytes && reader.TryGetByte(out bytes[count]))
            {
                count++;
            }
        }

        if (count == InvocationBytes)
        {
            Span<byte> hex = stackalloc byte[2 * InvocationBytes];
            Convert.TryToHexStringLower(bytes, hex, out _);
            _fields.Take(name, hex);
        }
    }
}
