using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace OsModa.Core.Ledger.Notes;

/// <summary>Reads a tlog-policy line by line. Names are bytes to it, as the specification wants: here Latin-1, which keeps every byte.</summary>
internal sealed class TrustPolicyText
{
    private const int MostBytes = 1024 * 1024;
    private static readonly char[] Blanks = [' ', '\t'];

    private readonly ImmutableArray<TrustedKey>.Builder _logs = ImmutableArray.CreateBuilder<TrustedKey>();
    private readonly Dictionary<string, TrustedKey> _witnesses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WitnessGroup> _groups = new(StringComparer.Ordinal);
    private readonly HashSet<string> _members = new(StringComparer.Ordinal);
    private string? _quorum;

    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out TrustPolicy? policy, [NotNullWhen(false)] out string? error)
    {
        policy = null;
        error = bytes.Length > MostBytes ? "A policy has at most 1 MiB." : null;
        var reading = new TrustPolicyText();
        var number = 0;
        foreach (var line in error is null ? Encoding.Latin1.GetString(bytes).Split('\n') : [])
        {
            number++;
            if (reading.Line(line) is { } wrong)
            {
                error = $"Line {number} of the policy: {wrong}";
                return false;
            }
        }

        error ??= reading._quorum is null ? "The policy has no line 'quorum …'." : null;
        policy = error is null
            ? new TrustPolicy(reading._logs.ToImmutable(), reading._witnesses.ToImmutableDictionary(StringComparer.Ordinal), reading._groups.ToImmutableDictionary(StringComparer.Ordinal), reading._quorum!)
            : null;
        return error is null;
    }

    private string? Line(string line) =>
        line.Any(static c => (c < ' ' && c != '\t') || c == '\x7f')
            ? "There is a character that a policy may not have."
            : line.TrimStart(Blanks).StartsWith('#')
                ? null
                : line.Split(Blanks, StringSplitOptions.RemoveEmptyEntries) switch
                {
                    [] => null,
                    ["log", var key] => Log(key, ""),
                    ["log", var key, var url] => Log(key, url),
                    ["witness", var name, var key] => Witness(name, key, ""),
                    ["witness", var name, var key, var url] => Witness(name, key, url),
                    ["group", var name, var needed, .. { Length: > 0 } members] => Group(name, needed, members),
                    ["quorum", var name] => SetQuorum(name),
                    [var word, ..] => $"'{word}' does not begin a line that is known, or has too few or too many words after it.",
                };

    private string? Log(string text, string url)
    {
        if (Key(text, out var error) is not { } key)
        {
            return error;
        }

        if (_logs.Any(log => log.Key.PublicKey.SequenceEqual(key.PublicKey)))
        {
            return "This log was named before.";
        }

        _logs.Add(new TrustedKey(key, url));
        return null;
    }

    private string? Witness(string name, string text, string url)
    {
        if (Key(text, out var error) is not { } key || key.Type == SignatureType.Ed25519)
        {
            return error ?? "The key is a log's, not a witness's.";
        }

        if (IsDefined(name) || _witnesses.Values.Any(witness => witness.Key.PublicKey.SequenceEqual(key.PublicKey)))
        {
            return $"'{name}', or its key, was named before.";
        }

        _witnesses.Add(name, new TrustedKey(key, url));
        return null;
    }

    private string? Group(string name, string needed, string[] members)
    {
        if (IsDefined(name))
        {
            return $"'{name}' was named before.";
        }

        if (members.FirstOrDefault(member => member == TrustPolicy.NoQuorum || !IsDefined(member)) is { } unknown)
        {
            return $"'{unknown}' is no witness or group of a line before this one.";
        }

        if (members.FirstOrDefault(member => !_members.Add(member)) is { } twice)
        {
            return $"'{twice}' is in a group already.";
        }

        var count = needed switch
        {
            "any" => 1,
            "all" => members.Length,
            _ => int.TryParse(needed, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0,
        };
        if (count < 1 || count > members.Length)
        {
            return $"'{needed}' is not any, all, or a number from 1 to {members.Length}.";
        }

        _groups.Add(name, new WitnessGroup(count, [.. members]));
        return null;
    }

    private string? SetQuorum(string name)
    {
        if (_quorum is not null)
        {
            return "There is a quorum already.";
        }

        if (!IsDefined(name))
        {
            return $"'{name}' is no witness or group of a line before this one.";
        }

        _quorum = name;
        return null;
    }

    private bool IsDefined(string name) => name == TrustPolicy.NoQuorum || _witnesses.ContainsKey(name) || _groups.ContainsKey(name);

    private static VerifierKey? Key(string text, out string? error) =>
        VerifierKey.TryParse(Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(text)), out var key, out error) ? key : null;
}
