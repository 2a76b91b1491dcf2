using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Core.Ledger.Bundles;

/// <summary>Which texts of a bundle were taken out after its log had ended, and where that is told: a line each, with the entry, the later log, and its entry. It is signed by nobody.</summary>
internal static partial class RedactionList
{
    public static byte[] Write(IEnumerable<RedactedLater> list) =>
        Encoding.UTF8.GetBytes(string.Concat(list.Select(static one => string.Create(CultureInfo.InvariantCulture, $"{one.Seq} {one.Origin} {one.At}\n"))));

    /// <exception cref="LedgerDamagedException">It is none.</exception>
    public static Dictionary<long, RedactedLater> Read(string text)
    {
        var found = new Dictionary<long, RedactedLater>();
        foreach (var line in text.Split('\n')[..^1])
        {
            if (Line().Match(line) is not { Success: true, Groups: var part } || !found.TryAdd(Number(part["seq"]), new RedactedLater(Number(part["seq"]), part["origin"].Value, Number(part["at"]), IsAtHand: false)))
            {
                throw new LedgerDamagedException($"{BundleMembers.Redactions} in the file is not as ours are.");
            }
        }

        return found;
    }

    private static long Number(Group digits) => long.Parse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\A(?<seq>0|[1-9][0-9]{0,14}) (?<origin>[^\s\p{C}]{1,300}) (?<at>0|[1-9][0-9]{0,14})\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Line();
}
