using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace OsModa.Core.Ledger.Notes;

/// <summary>Whom one trusts: logs, witnesses, and how many of them are enough (C2SP tlog-policy).</summary>
/// <param name="Logs">Any one of them has to have signed; none means that the log is known from elsewhere.</param>
/// <param name="Witnesses">By the name that the policy gives them.</param>
/// <param name="Groups">By name.</param>
/// <param name="Quorum">A witness or group, or <see cref="NoQuorum"/>.</param>
public sealed record TrustPolicy(
    ImmutableArray<TrustedKey> Logs,
    ImmutableDictionary<string, TrustedKey> Witnesses,
    ImmutableDictionary<string, WitnessGroup> Groups,
    string Quorum)
{
    public const string NoQuorum = "none";

    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out TrustPolicy? policy, [NotNullWhen(false)] out string? error) =>
        TrustPolicyText.TryParse(bytes, out policy, out error);

    /// <summary>Whether a checkpoint may be believed.</summary>
    public PolicyVerdict Check(SignedNote note)
    {
        if (!Checkpoint.TryParse(note.Text, out var checkpoint))
        {
            return PolicyVerdict.BadSignature;
        }

        var logs = note.Check(Logs.Select(static log => log.Key));
        if (logs is null || (Logs.Length > 0 && !logs.Value.Any(log => log.Name == checkpoint.Origin)))
        {
            return PolicyVerdict.BadSignature;
        }

        if (note.Check(Witnesses.Values.Select(static witness => witness.Key)) is not { } signers)
        {
            return PolicyVerdict.BadSignature;
        }

        return IsMet(Quorum, [.. Witnesses.Where(witness => signers.Contains(witness.Value.Key)).Select(static witness => witness.Key)])
            ? PolicyVerdict.Trusted
            : PolicyVerdict.NoQuorum;
    }

    /// <summary>Whether the witnesses of these names are enough.</summary>
    public bool IsMet(ImmutableHashSet<string> signed) => IsMet(Quorum, signed);

    private bool IsMet(string name, ImmutableHashSet<string> signed) =>
        name == NoQuorum
        || signed.Contains(name)
        || (Groups.TryGetValue(name, out var group) && group.Members.Count(member => IsMet(member, signed)) >= group.Needed);
}

/// <summary>What a policy makes of a checkpoint.</summary>
public enum PolicyVerdict
{
    Trusted,
    /// <summary>No log of the policy signed it, or a signature is wrong.</summary>
    BadSignature,
    /// <summary>Too few witnesses.</summary>
    NoQuorum,
}

/// <param name="Key">What its signatures are checked with.</param>
/// <param name="Url">Where it answers; empty when it need not be asked.</param>
public sealed record TrustedKey(VerifierKey Key, string Url);

/// <param name="Needed">How many members.</param>
/// <param name="Members">Names of witnesses and of groups.</param>
public sealed record WitnessGroup(int Needed, ImmutableArray<string> Members);
