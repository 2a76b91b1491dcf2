using System.Text.RegularExpressions;

namespace OsModa.E2E.People;

/// <summary>How whatever changes something is named.</summary>
internal static partial class Acting
{
    [GeneratedRegex("^(?:Roll back|Go forward|Override|Undo|Save|Remove|Accept|Add a server|Add and connect|Make a link|Withdraw|These are the keys)", RegexOptions.None, 1000)]
    public static partial Regex Words { get; }
}
