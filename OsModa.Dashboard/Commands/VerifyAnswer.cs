using System.Text.Json;
using OsModa.Core.Ledger.Checking;

namespace OsModa.Dashboard.Commands;

/// <summary>What <c>ledger verify</c> says, in words and for programs.</summary>
internal static class VerifyAnswer
{
    /// <summary>What is said of a database that is held against no guard folder.</summary>
    public const string Unguarded = "NOTE  It was held against no guard folder, because none was found: that newer entries were signed once would not be noticed. Name the folder with --guard, or with Ledger__GuardFolder.";

    /// <summary>What is said of an export that has events of servers.</summary>
    public const string MakersWord = "NOTE  The status of a server's chain in chains.json is the word of whoever made the file. All else in it is as the entries say.";

    // Of a file with the entries about one server.
    private const string LeftOut = ", which does not follow the one before it in the file: one between them was left out, or the server's chain is broken";

    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    /// <summary>Of several logs the one with the highest exit code.</summary>
    public static CheckResult Worst(IReadOnlyList<(string Origin, CheckReport Report)> reports) => reports.Max(static one => one.Report.Result);

    public static void WriteWords(TextWriter output, IReadOnlyList<(string Origin, CheckReport Report)> reports)
    {
        foreach (var (origin, report) in reports)
        {
            output.WriteLine($"{Mark(report.Result)}{(origin.Length > 0 ? origin + ": " : "")}{report.Sentence}");
            if (report.First > 0 && report.Entries > 0)
            {
                output.WriteLine($"      It begins at entry {report.First}.");
            }

            if (report.Witnessed is { } witnessed)
            {
                output.WriteLine($"      Witnesses that the policy names signed it up to {witnessed} entries.");
            }

            if (report.Stamp is { } stamp)
            {
                output.WriteLine($"      {stamp.Sentence}");
            }

            foreach (var chain in report.Chains)
            {
                output.WriteLine($"      Server {chain.Source}{(chain.Epoch > 1 ? $", epoch {chain.Epoch}" : "")}: {chain.Events} events of its own chain, {(chain.FirstBroken is { } at ? $"broken at entry {at}{(report.IsOfOne ? LeftOut : "")}" : "whole")}{Odd(chain)}.");
            }
        }
    }

    public static void WriteJson(TextWriter output, string file, string kind, string? guard, IReadOnlyList<(string Origin, CheckReport Report)> reports)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, Indented))
        {
            json.WriteStartObject();
            json.WriteString("file", file);
            json.WriteString("kind", kind);
            json.WriteString("guard", guard);
            json.WriteString("result", Word(Worst(reports)));
            json.WriteNumber("exitCode", (int)Worst(reports));
            json.WriteStartArray("logs");
            foreach (var (origin, report) in reports)
            {
                Log(json, origin, report);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.WriteLine(System.Text.Encoding.UTF8.GetString(text.ToArray()));
    }

    private static void Log(Utf8JsonWriter json, string origin, CheckReport report)
    {
        json.WriteStartObject();
        json.WriteString("origin", origin);
        json.WriteString("result", Word(report.Result));
        json.WriteString("sentence", report.Sentence);
        Number(json, "at", report.At);
        json.WriteNumber("first", report.First);
        json.WriteNumber("entries", report.Entries);
        json.WriteNumber("signed", report.SignedEntries);
        Number(json, "witnessed", report.Witnessed);
        json.WriteNumber("heads", report.Heads);
        Stamp(json, report.Stamp);
        json.WriteStartArray("chains");
        foreach (var chain in report.Chains)
        {
            json.WriteStartObject();
            json.WriteString("server", chain.Source);
            json.WriteNumber("epoch", chain.Epoch);
            json.WriteNumber("events", chain.Events);
            json.WriteNumber("weak", chain.Weak);
            json.WriteNumber("ambiguous", chain.Ambiguous);
            Number(json, "firstBroken", chain.FirstBroken);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Stamp(Utf8JsonWriter json, StampReport? stamp)
    {
        if (stamp is null)
        {
            json.WriteNull("timestamp");
            return;
        }

        json.WriteStartObject("timestamp");
        json.WriteNumber("size", stamp.Size);
        json.WriteString("at", stamp.At.UtcDateTime);
        json.WriteString("signer", stamp.Signer);
        if (stamp.IsTrusted is { } isTrusted)
        {
            json.WriteBoolean("trusted", isTrusted);
        }
        else
        {
            json.WriteNull("trusted");
        }

        json.WriteNumber("count", stamp.Count);
        json.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static string Mark(CheckResult result) => result switch
    {
        CheckResult.Ok => "OK    ",
        CheckResult.Policy => "OPEN  ",    // nothing is wrong, and nobody vouches for it
        _ => "WRONG ",
    };

    private static string Odd(ChainReport chain) =>
        (chain.Weak > 0 ? $"; {chain.Weak} in the older format" : "") + (chain.Ambiguous > 0 ? $"; {chain.Ambiguous} could be read in two ways" : "");

    private static string Word(CheckResult result) => result switch
    {
        CheckResult.Ok => "ok",
        CheckResult.ContentMismatch => "content-mismatch",
        CheckResult.Signature => "signature",
        CheckResult.Consistency => "consistency",
        CheckResult.Policy => "policy",
        _ => "malformed",
    };
}
