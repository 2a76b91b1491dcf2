using System.Globalization;

namespace OsModa.Core.Ledger.Checking;

/// <summary>The newest time stamp of a log that is right; of those that are trusted, when somebody asked for trust.</summary>
/// <param name="Size">Entries under the head that was stamped.</param>
/// <param name="At">When, by the authority's clock.</param>
/// <param name="Signer">Whom the certificate names that it is signed with.</param>
/// <param name="IsTrusted">That leads to one of the certificates of the one who checks; null when they brought none.</param>
/// <param name="Count">Time stamps that are right, this one among them.</param>
public sealed record StampReport(long Size, DateTimeOffset At, string Signer, bool? IsTrusted, long Count)
{
    /// <summary>How many of them lead to one of the certificates of the one who checks.</summary>
    public long Trusted { get; init; }

    /// <summary>For people.</summary>
    public string Sentence => string.Create(
        CultureInfo.InvariantCulture,
        $"The state of {Size} entries was time-stamped at {At.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z, by its certificate by “{Signer}”{IsTrusted switch { true => ", which leads to one of those that you trust", false => ", which leads to none of those that you trust", null => ". Nobody was asked to trust that certificate" }}{(Count > 1 ? $"; {Count} time stamps are right in all{(IsTrusted == true ? $", and {Trusted} of them lead there" : "")}" : "")}.");
}
