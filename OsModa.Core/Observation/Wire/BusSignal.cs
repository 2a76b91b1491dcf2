using System.Text.Json;

namespace OsModa.Core.Observation.Wire;

/// <summary>A signal of systemd as <c>busctl --json=short monitor</c> prints it.</summary>
internal readonly record struct BusSignal
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 16 };

    /// <summary>The unit that it is about; null for signals about none.</summary>
    public UnitName? Unit { get; private init; }

    /// <summary>Properties of the unit that changed; null when none of those that matter did.</summary>
    public UnitChange? Change { get; private init; }

    /// <summary>systemd has unloaded the unit.</summary>
    public bool Removed { get; private init; }

    /// <summary>A reload of all units begins (true) or has ended (false); null for other signals.</summary>
    public bool? Reloading { get; private init; }

    /// <summary>Reads a line. False: it is no JSON, or none of the signals that are asked for.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, UnitNames names, out BusSignal signal)
    {
        signal = default;
        try
        {
            var reader = new Utf8JsonReader(json, Options);
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject && TryRead(ref reader, names, out signal);
        }
        catch (JsonException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            // A string with an escape of half a character: the reader finds it only when asked for the text.
            return false;
        }
    }

    private static bool TryRead(ref Utf8JsonReader reader, UnitNames names, out BusSignal signal)
    {
        UnitName? pathUnit = null;
        var body = default(BusBody);
        ReadOnlySpan<byte> member = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("path"u8))
            {
                reader.Read();
                pathUnit = UnitOf(ref reader, names);
            }
            else if (reader.ValueTextEquals("member"u8))
            {
                reader.Read();
                member = reader.TokenType == JsonTokenType.String ? reader.ValueSpan : default;
            }
            else if (reader.ValueTextEquals("payload"u8))
            {
                reader.Read();
                body.Read(ref reader, names);
            }
            else
            {
                reader.Skip();
            }
        }

        signal = member switch
        {
            _ when member.SequenceEqual("PropertiesChanged"u8) => new BusSignal { Unit = pathUnit, Change = body.Change },
            _ when member.SequenceEqual("UnitRemoved"u8) => new BusSignal { Unit = body.Unit, Removed = true },
            _ when member.SequenceEqual("Reloading"u8) => new BusSignal { Reloading = body.Flag },
            _ => default,
        };
        return signal.Unit is not null || signal.Reloading is not null;
    }

    private static UnitName? UnitOf(ref Utf8JsonReader reader, UnitNames names)
    {
        var path = reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped ? reader.ValueSpan : default;
        return path.StartsWith("/org/freedesktop/systemd1/unit/"u8) ? names.Find(path["/org/freedesktop/systemd1/unit/"u8.Length..]) : null;
    }
}
