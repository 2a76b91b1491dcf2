using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Core.Ledger.Mirror;

/// <summary>A copied event of a server's chain, taken apart to see what it tells.</summary>
internal sealed class ToldEvent
{
    private const int DepthMost = 8;
    private readonly string _type;
    private readonly string _payload;

    private ToldEvent(string type, string payload) => (_type, _payload) = (type, payload);

    /// <summary>When it happened, by the server; null when that is no time.</summary>
    public DateTimeOffset? At { get; private init; }

    /// <summary>Null: its text is not at hand, or is not what the index says of it.</summary>
    /// <param name="reader">Has the entry.</param>
    /// <param name="seq">Number of the entry.</param>
    /// <param name="id">Of the event, in its chain.</param>
    /// <param name="type">Of the event.</param>
    /// <param name="actor">Of the event.</param>
    public static ToldEvent? Read(LogReader reader, long seq, long id, string type, string actor)
    {
        if (reader.Entry(seq) is not { } bytes || !LedgerRecord.TryParse(bytes, out var record) || !record.IsWholeEvent)
        {
            return null;
        }

        // The hash of the event before is left out with that: it may hold any word of hexadecimal digits.
        var told = ChainCopy.Parse(record.Body.ToArray(), record.Kind, id, type, actor);
        return told.Ts.Length == 0 ? null : new ToldEvent(type, told.Payload) { At = ChainJudge.Time(told.Ts) };
    }

    /// <summary>What kind of event it is: its type, and the category that agentd has in the payload.</summary>
    /// <param name="words">All that is said in the payload, in words: names and paths are one each.</param>
    public ImmutableArray<string> Kinds(out FrozenSet<string> words)
    {
        var texts = new List<string>();
        var category = "";
        Collect(_payload, texts, ref category, 0);
        words = texts.SelectMany(Words).ToFrozenSet(StringComparer.Ordinal);
        return [_type, category];
    }

    // agentd keeps what a daemon tells as JSON in a text of JSON.
    private static void Collect(string text, List<string> texts, ref string category, int depth)
    {
        if (depth < DepthMost && text.AsSpan().TrimStart() is ['{' or '[', ..])
        {
            try
            {
                using var json = JsonDocument.Parse(text);
                Collect(json.RootElement, texts, ref category, depth);
                return;
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                // No JSON, or half a surrogate pair in it: it is taken as it stands.
            }
        }

        texts.Add(text);
    }

    private static void Collect(JsonElement element, List<string> texts, ref string category, int depth)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                Collect(element.GetString()!, texts, ref category, depth + 1);
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    Collect(item, texts, ref category, depth);
                }

                break;
            case JsonValueKind.Object:
                foreach (var field in element.EnumerateObject())
                {
                    category = depth == 0 && field.NameEquals("category") && field.Value.ValueKind == JsonValueKind.String ? field.Value.GetString()! : category;
                    Collect(field.Value, texts, ref category, depth);
                }

                break;
        }
    }

    private static IEnumerable<string> Words(string text)
    {
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && (char.IsLetterOrDigit(text[i]) || "._-+/@".Contains(text[i], StringComparison.Ordinal)))
            {
                continue;
            }

            var word = text[start..i].TrimEnd('.');
            start = i + 1;
            if (word.Length > 0)
            {
                yield return word;
            }
        }
    }
}
