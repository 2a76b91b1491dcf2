using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OsModa.Core.Ledger.Records;

/// <summary>JSON in the one spelling of RFC 8785: names in the order of their UTF-16 units, no white space, numbers as ECMAScript prints them.</summary>
public static class CanonicalJson
{
    private const int Deepest = 32;

    /// <exception cref="JsonException">A text with half a surrogate pair, a number beyond a double's range, or deeper than 32.</exception>
    public static byte[] Write(JsonNode? node)
    {
        using var document = JsonDocument.Parse(node?.ToJsonString() ?? "null", new JsonDocumentOptions { MaxDepth = Deepest });
        return TryWrite(document.RootElement, out var bytes) ? bytes : throw new JsonException("This has no canonical form.");
    }

    /// <summary>The canonical spelling of any JSON; false for what is no JSON, names one thing twice, or has no canonical form.</summary>
    public static bool TryCanonicalise(ReadOnlyMemory<byte> json, out byte[] canonical)
    {
        canonical = [];
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = Deepest });
            return TryWrite(document.RootElement, out canonical);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Whether it is spelled canonically already.</summary>
    public static bool IsCanonical(ReadOnlyMemory<byte> json) => TryCanonicalise(json, out var canonical) && json.Span.SequenceEqual(canonical);

    private static bool TryWrite(JsonElement element, out byte[] bytes)
    {
        var text = new StringBuilder();
        try
        {
            var done = Append(text, element);
            bytes = done ? new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(text.ToString()) : [];
            return done;
        }
        catch (Exception e) when (e is InvalidOperationException or EncoderFallbackException)
        {
            // Half a surrogate pair.
            bytes = [];
            return false;
        }
    }

    private static bool Append(StringBuilder text, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                return AppendObject(text, element);
            case JsonValueKind.Array:
                text.Append('[');
                var first = true;
                foreach (var item in element.EnumerateArray())
                {
                    text.Append(first ? "" : ",");
                    first = false;
                    if (!Append(text, item))
                    {
                        return false;
                    }
                }

                text.Append(']');
                return true;
            case JsonValueKind.String:
                AppendString(text, element.GetString()!);
                return true;
            case JsonValueKind.Number:
                var number = element.GetDouble();
                text.Append(double.IsFinite(number) ? Number(number) : "");
                return double.IsFinite(number);
            default:
                text.Append(element.GetRawText());
                return true;
        }
    }

    private static bool AppendObject(StringBuilder text, JsonElement element)
    {
        var members = element.EnumerateObject().ToList();
        members.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        text.Append('{');
        for (var i = 0; i < members.Count; i++)
        {
            if (i > 0 && members[i].Name == members[i - 1].Name)
            {
                return false;
            }

            text.Append(i > 0 ? "," : "");
            AppendString(text, members[i].Name);
            text.Append(':');
            if (!Append(text, members[i].Value))
            {
                return false;
            }
        }

        text.Append('}');
        return true;
    }

    private static void AppendString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }

    /// <summary>Number::toString of ECMAScript: .NET finds the same shortest digits and only writes them otherwise.</summary>
    private static string Number(double number)
    {
        if (number == 0)
        {
            return "0";
        }

        var sign = number < 0 ? "-" : "";
        var shortest = Math.Abs(number).ToString("R", CultureInfo.InvariantCulture);
        shortest = shortest.Contains('E', StringComparison.Ordinal) ? shortest : Spread(shortest);
        var at = shortest.IndexOf('E', StringComparison.Ordinal);
        var digits = shortest[..at].Replace(".", "", StringComparison.Ordinal).TrimEnd('0');
        var point = int.Parse(shortest[(at + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) + 1;    // digits before the decimal point
        return sign + (point, digits.Length) switch
        {
            ( > 0 and <= 21, var k) when k <= point => digits + new string('0', point - k),
            ( > 0 and <= 21, _) => $"{digits[..point]}.{digits[point..]}",
            ( > -6 and <= 0, _) => $"0.{new string('0', -point)}{digits}",
            _ => $"{digits[0]}{(digits.Length > 1 ? "." : "")}{digits[1..]}e{(point > 0 ? "+" : "-")}{Math.Abs(point - 1)}",
        };
    }

    // 0.00123 and 123.4 as 1.23E-3 and 1.234E2.
    private static string Spread(string plain)
    {
        var point = plain.IndexOf('.', StringComparison.Ordinal) is var at and >= 0 ? at : plain.Length;
        var digits = plain.Replace(".", "", StringComparison.Ordinal);
        var zeros = digits.Length - digits.TrimStart('0').Length;
        return $"{digits[zeros]}.{digits[(zeros + 1)..]}E{point - zeros - 1}";
    }
}
