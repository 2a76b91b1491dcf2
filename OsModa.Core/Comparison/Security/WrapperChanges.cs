using System.Text.RegularExpressions;

namespace OsModa.Core.Comparison;

/// <summary>Programs that run with the rights of their owner or with capabilities: the lines by which NixOS makes them (nixpkgs, security/wrappers).</summary>
internal static partial class WrapperChanges
{
    public static IEnumerable<SecurityChange> Find(SystemFiles from, SystemFiles to)
    {
        if (Wrappers(from) is not { } old || Wrappers(to) is not { } @new)
        {
            yield break;
        }

        foreach (var (name, rights) in @new.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            if (!old.TryGetValue(name, out var before))
            {
                yield return new SecurityChange(name, $"becomes a program with rights of its own ({rights})", SecurityMove.Looser);
            }
            else if (before != rights)
            {
                yield return new SecurityChange(name, $"runs with {rights} instead of {before}", SecurityMove.Changed);
            }
        }

        foreach (var (name, rights) in old.Where(one => !@new.ContainsKey(one.Key)).OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            yield return new SecurityChange(name, $"is no longer a program with rights of its own ({rights})", SecurityMove.Tighter);
        }
    }

    // Unless both sides tell their wrappers nothing can be compared: the script that makes them is told only where it differs.
    private static Dictionary<string, string>? Wrappers(SystemFiles side)
    {
        var told = false;
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (_, file) in side.Texts)
        {
            if (file.Text is { } text && text.Contains("$wrapperDir/", StringComparison.Ordinal))
            {
                told = true;
                foreach (Match made in Mode().Matches(text))
                {
                    found[made.Groups["name"].Value] = made.Groups["mode"].Value;
                }

                foreach (Match made in Capabilities().Matches(text))
                {
                    found[made.Groups["name"].Value] = made.Groups["caps"].Value;
                }
            }
        }

        return told ? found : null;
    }

    // chmod "u+s,g-s,u+rx,g+x,o+x" "$wrapperDir/sudo"
    [GeneratedRegex(@"chmod ""?(?<mode>(u\+s|[^""\n]{0,20}g\+s)[^""\n ]{0,40})""? ""\$wrapperDir/(?<name>[A-Za-z0-9._-]{1,80})""", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Mode();

    // setcap "cap_setpcap,cap_net_raw+ep" "$wrapperDir/ping"
    [GeneratedRegex(@"setcap ""(?<caps>[^""\n]{1,200})"" ""\$wrapperDir/(?<name>[A-Za-z0-9._-]{1,80})""", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Capabilities();
}
