using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OsModa.Core.Ledger.Records;

/// <summary>What a record that is not a server's event says. It is kept as canonical JSON; what is empty or null is left out.</summary>
public sealed record ActionBody
{
    /// <summary>The same for an intent and its outcome.</summary>
    public Guid? Action { get; init; }

    /// <summary>What is done, in words with dots: <c>server.roll-back</c>.</summary>
    public required string Verb { get; init; }

    public Guid? WhoId { get; init; }

    /// <summary>Who, as they were called then.</summary>
    public string Who { get; init; } = "";

    /// <summary>On whose behalf, when not on one's own.</summary>
    public string For { get; init; } = "";

    /// <summary>In the person's own words.</summary>
    public string Why { get; init; } = "";

    /// <summary>The network address it came from.</summary>
    public string From { get; init; } = "";

    public Guid? Server { get; init; }

    /// <summary>Of an outcome: <c>done</c>, <c>failed</c>, <c>unknown</c>.</summary>
    public string Outcome { get; init; } = "";

    /// <summary>One sentence for people.</summary>
    public string Text { get; init; } = "";

    /// <summary>Random, so that nobody who guesses the rest can tell by the entry's hash that they guessed right, once it was redacted.</summary>
    public string Salt { get; init; } = "";

    /// <summary>What else belongs to it, by name.</summary>
    public ImmutableSortedDictionary<string, string> Details { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public byte[] ToCanonicalJson()
    {
        var json = new JsonObject { ["verb"] = Whole(Verb) };
        Add(json, "action", Action?.ToString("D"));
        Add(json, "whoId", WhoId?.ToString("D"));
        Add(json, "who", Who);
        Add(json, "for", For);
        Add(json, "why", Why);
        Add(json, "from", From);
        Add(json, "server", Server?.ToString("D"));
        Add(json, "outcome", Outcome);
        Add(json, "text", Text);
        Add(json, "salt", Salt);
        if (!Details.IsEmpty)
        {
            var details = new JsonObject();
            foreach (var (name, value) in Details)
            {
                details[Whole(name)] = Whole(value);
            }

            json["details"] = details;
        }

        return CanonicalJson.Write(json);
    }

    /// <summary>Null when it is no such body.</summary>
    public static ActionBody? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && Text("verb") is { Length: > 0 } verb
                ? new ActionBody
                {
                    Verb = verb,
                    Action = Id("action"),
                    WhoId = Id("whoId"),
                    Who = Text("who"),
                    For = Text("for"),
                    Why = Text("why"),
                    From = Text("from"),
                    Server = Id("server"),
                    Outcome = Text("outcome"),
                    Text = Text("text"),
                    Salt = Text("salt"),
                    Details = root.TryGetProperty("details", out var details) && details.ValueKind == JsonValueKind.Object
                        ? details.EnumerateObject().ToImmutableSortedDictionary(static d => d.Name, static d => d.Value.ToString(), StringComparer.Ordinal)
                        : ImmutableSortedDictionary<string, string>.Empty,
                }
                : null;

            string Text(string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
            Guid? Id(string name) => Guid.TryParseExact(Text(name), "D", out var id) ? id : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private static void Add(JsonObject json, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            json[name] = Whole(value);
        }
    }

    // Half a surrogate pair, which a text from outside may hold, has no canonical form.
    private static string Whole(string text) => text.AsSpan().ContainsAnyInRange('\ud800', '\udfff') ? System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text)) : text;
}
