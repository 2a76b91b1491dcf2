using System.Buffers;
using System.Text;
using System.Text.Json;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Records;

namespace OsModa.Core.Ledger.Bundles;

/// <summary>JSON lines: one entry, one line (jsonlines.org). What cannot be taken apart stands in <c>raw</c> as it is.</summary>
internal sealed class EventLines : IEventText
{
    public ReadOnlySpan<byte> Head => [];

    public void Append(EventRow row, IBufferWriter<byte> text)
    {
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteNumber("seq", row.Seq);
            json.WriteString("received", row.Received);
            json.WriteString("kind", row.Word);
            json.WriteString("source", row.Source);
            if (row.IsEvent)
            {
                json.WriteNumber("epoch", row.Epoch);
                json.WriteString("hash", row.ChainHash.ToHex());
            }

            Body(row, json);
            json.WriteEndObject();
        }

        text.Write("\n"u8);
    }

    private static void Body(EventRow row, Utf8JsonWriter json)
    {
        if (row.Body is not { } body)
        {
            json.WriteBoolean("deleted", true);
        }
        else if (row.Kind == RecordKind.PipedEvent && UpstreamEvent.TryParsePiped(body, out var parsed))
        {
            json.WriteStartObject("event");
            json.WriteNumber("id", parsed.Id);
            json.WriteString("ts", parsed.Ts);
            json.WriteString("type", parsed.Type);
            json.WriteString("actor", parsed.Actor);
            json.WriteString("payload", parsed.Payload);
            json.WriteString("previous", parsed.PreviousHash.ToHex());
            json.WriteEndObject();
        }
        else if (!row.IsEvent && CanonicalJson.IsCanonical(body))
        {
            json.WritePropertyName("body");
            json.WriteRawValue(body, skipInputValidation: true);
        }
        else
        {
            json.WriteString("raw", Encoding.UTF8.GetString(body));
        }
    }
}
