using System.Text.Json;

namespace OsModa.Core.Ledger.Servers;

/// <summary>That an agent called a tool, as teachd tells it: all of it is the server's word. What it was called with and what came of it is not taken, because it may hold anything.</summary>
/// <param name="Id">Which call; what it consists of where the server gives it none.</param>
/// <param name="At">When, by the server's clock.</param>
/// <param name="Tool">Name.</param>
/// <param name="Session">Of the agent; empty when that is no plain word.</param>
/// <param name="HasFailed">The server says so.</param>
internal sealed record ToolCall(string Id, DateTimeOffset At, string Tool, string Session, bool HasFailed)
{
    private const string LetterOrDigit = WordShape.Small + WordShape.Capital + WordShape.Digits;

    private static readonly WordShape Word = new(LetterOrDigit, LetterOrDigit + "._:/@-", 100);

    /// <summary>Null: it has no time, or no name of a tool.</summary>
    /// <param name="json">An element of what teachd answers.</param>
    public static ToolCall? Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || Text(json, "tool") is not { Length: > 0 } tool
            || !json.TryGetProperty("ts", out var ts) || ts.ValueKind != JsonValueKind.String || !ts.TryGetDateTimeOffset(out var at))
        {
            return null;
        }

        var (id, session) = (Text(json, "id"), Text(json, "session_id"));
        return new ToolCall(id.Length > 0 ? id : $"{at:O} {tool} {session}", at, tool, session, json.TryGetProperty("success", out var success) && success.ValueKind == JsonValueKind.False);
    }

    // A plain word, or nothing.
    private static string Text(JsonElement json, string name)
    {
        try
        {
            return json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { } text && Word.Fits(text) ? text : "";
        }
        catch (InvalidOperationException)
        {
            return "";      // half a surrogate pair
        }
    }
}
