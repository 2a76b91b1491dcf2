namespace OsModa.Core.Comparison;

/// <summary>How people get in and become root: sshd's settings, keys that are admitted, sudo, setuid wrappers.</summary>
internal static class AccessChanges
{
    public const string Ssh = "SSH";
    private const int LongestValue = 4_000;

    // sshd_config(5). What is looser: yes for those that let in, no for none.
    private static readonly string[] LetIn = ["PermitRootLogin", "PasswordAuthentication", "KbdInteractiveAuthentication", "PermitEmptyPasswords", "X11Forwarding", "AllowAgentForwarding", "AllowTcpForwarding", "GatewayPorts"];
    private static readonly string[] Other = ["Port", "ListenAddress", "AllowUsers", "AllowGroups", "DenyUsers", "AuthorizedKeysFile", "AuthenticationMethods", "TrustedUserCAKeys", "PermitUserEnvironment"];

    public static IEnumerable<SecurityChange> Find(IEnumerable<FileChange> files) => files.SelectMany(file => file.Path switch
    {
        "ssh/sshd_config" => Sshd(file),
        "sudoers" => [Looked("sudo", file)],
        "doas.conf" => [Looked("doas", file)],
        var path when path.StartsWith("ssh/authorized_keys.d/", StringComparison.Ordinal) => Keys(path["ssh/authorized_keys.d/".Length..], file),
        var path when path.StartsWith("pam.d/", StringComparison.Ordinal) && file.Kind is FileChangeKind.Changed => [new SecurityChange($"login by {path["pam.d/".Length..]}", "is checked in another way (PAM)", SecurityMove.Changed)],
        _ => [],
    });

    private static SecurityChange Looked(string subject, FileChange file) => new(subject, file.Kind switch
    {
        FileChangeKind.Added => "gets rules: somebody may become root by it",
        FileChangeKind.Removed => "has no rules any more",
        FileChangeKind.Rebuilt => "names rebuilt programs, nothing else",
        _ => "has other rules: read who may become root",
    }, file.Kind == FileChangeKind.Removed ? SecurityMove.Tighter : file.Kind == FileChangeKind.Added ? SecurityMove.Looser : SecurityMove.Changed);

    private static IEnumerable<SecurityChange> Sshd(FileChange file) => file switch
    {
        { Kind: FileChangeKind.Added } => [new SecurityChange(Ssh, "is switched on", SecurityMove.Looser)],
        { Kind: FileChangeKind.Removed } => [new SecurityChange(Ssh, "is switched off: nobody gets in by it any more", SecurityMove.Tighter)],
        { Old.Text: not null, New.Text: not null } => SshdSettings(file),
        _ => [new SecurityChange(Ssh, "has settings that could not be read: look who gets in by them", SecurityMove.Changed)],
    };

    private static IEnumerable<SecurityChange> SshdSettings(FileChange file)
    {
        var (old, @new) = (Settings(file.Old?.Text), Settings(file.New?.Text));
        foreach (var key in LetIn.Concat(Other))
        {
            var (before, after) = (old.GetValueOrDefault(key), @new.GetValueOrDefault(key));
            if (before == after)
            {
                continue;
            }

            var move = !LetIn.Contains(key) ? SecurityMove.Changed : key == "PermitRootLogin" ? RootMove(before, after) : after == "no" ? SecurityMove.Tighter : before == "no" ? SecurityMove.Looser : SecurityMove.Changed;
            yield return new SecurityChange(Ssh, before is null ? $"gets {key} {after}" : after is null ? $"loses {key} {before}" : $"changes {key} from {before} to {after}", move);
        }
    }

    private static SecurityMove RootMove(string? before, string? after) => (RootStep(before), RootStep(after)) switch
    {
        ({ } old, { } @new) when @new > old => SecurityMove.Looser,
        ({ } old, { } @new) when @new < old => SecurityMove.Tighter,
        _ => SecurityMove.Changed,
    };

    // Each step lets in more than the one before; without a word sshd asks root for a key.
    private static int? RootStep(string? value) => value switch
    {
        "no" => 0,
        "forced-commands-only" => 1,
        null or "prohibit-password" or "without-password" => 2,
        "yes" => 3,
        _ => null,
    };

    // The first value of a key counts; what stands in Match blocks is shown by the text alone.
    private static Dictionary<string, string> Settings(string? text)
    {
        var found = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in (text ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("Match ", StringComparison.OrdinalIgnoreCase))
            {
                break;
            }

            if (line[0] != '#' && line.Split((char[])[' ', '\t', '='], 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is [var key, var value])
            {
                found[key] = !found.TryGetValue(key, out var more) ? value : Other.Contains(key, StringComparer.OrdinalIgnoreCase) && more.Length < LongestValue ? $"{more} {value}" : more;
            }
        }

        return found;
    }

    private static IEnumerable<SecurityChange> Keys(string user, FileChange file)
    {
        var (old, @new) = (Lines(file.Old?.Text), Lines(file.New?.Text));
        return @new.Except(old).Select(key => new SecurityChange($"user {user}", $"may log in with one more key, {Named(key)}", SecurityMove.Looser))
            .Concat(old.Except(@new).Select(key => new SecurityChange($"user {user}", $"may no longer log in with the key {Named(key)}", SecurityMove.Tighter)));
    }

    private static HashSet<string> Lines(string? text) => [.. (text ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').Take(200)];

    // Comment of a key, or the end of the key itself.
    private static string Named(string key) => key.Split(' ') switch
    {
        [_, _, var comment, ..] => comment,
        [_, { Length: > 12 } body] => "…" + body[^12..],
        _ => key,
    };
}
