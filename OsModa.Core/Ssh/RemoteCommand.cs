using System.Text;

namespace OsModa.Core.Ssh;

/// <summary>With which rights a script runs.</summary>
internal enum Privilege
{
    /// <summary>Those of the login, which may be root's.</summary>
    Login,
    /// <summary>Root by <c>sudo -n</c>.</summary>
    Sudo,
}

/// <summary>
/// The one place where a command for a server is built. <see cref="Line"/> is all that the login shell sees: it holds nothing but
/// constants, a number and the script's checked name, and means the same to every shell (sh, bash, zsh, fish, csh). It reads
/// <see cref="Input"/> from standard input, whole, and only then runs it; the arguments are in there, in single quotes.
/// </summary>
internal sealed record RemoteCommand(string Line, ReadOnlyMemory<byte> Input)
{
    /// <summary>Line of output that comes right before the script's own; what stands before it is chatter of the login shell's start-up files.</summary>
    public const string Marker = "osmoda: the script begins";

    // Where NixOS keeps sudo and all other programs, for logins that leave one of them out; no other folders, which would hide a mistake.
    private const string SearchPath = "PATH=$PATH:/run/wrappers/bin:/run/current-system/sw/bin; export PATH;";

    private static readonly WordShape ScriptName = new(WordShape.Small + WordShape.Digits, WordShape.Small + WordShape.Digits + ".-", 64);
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="ArgumentException">An argument that no command can have: with NUL, or not proper Unicode.</exception>
    public static RemoteCommand Build(RemoteScript script, IReadOnlyList<string> arguments, Privilege privilege)
    {
        if (!ScriptName.Fits(script.Name))
        {
            throw new ArgumentException($"'{script.Name}' is not a name for a script.", nameof(script));
        }

        var input = Strict.GetBytes(Program(script, arguments));
        // head reads exactly its number of bytes and no more: what is left of standard input is the lifeline (see Program).
        var run = $"{SearchPath} eval \"$(head -c {input.Length})\"";
        var line = privilege == Privilege.Sudo
            ? $"exec /bin/sh -c '{SearchPath} exec sudo -n /bin/sh -c \"$0\" \"$1\"' '{run}' {script.Name}"
            : $"exec /bin/sh -c '{run}' {script.Name}";
        return new RemoteCommand(line, input);
    }

    /// <summary>One word for a POSIX shell, whatever is in it.</summary>
    /// <exception cref="ArgumentException">It holds NUL.</exception>
    public static string Quote(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("An argument of a command cannot hold NUL.", nameof(text));
        }

        return "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
    }

    // The braces make a cut-off program a syntax error: nothing of it runs. The loop is the lifeline: it reads what is left of
    // standard input, and when that ends (we let go, or the connection is lost) it ends everything in the script's process group;
    // else a follower of a quiet log would stay on the server for ever. It is nobody's child, so that 'wait' in a script does not see it.
    private static string Program(RemoteScript script, IReadOnlyList<string> arguments) =>
        $$"""
        { exec 3<&0 </dev/null
        ( ( while read -r line; do :; done; kill 0 ) <&3 3<&- >/dev/null 2>&1 & )
        exec 3<&-
        printf '\n%s\n' '{{Marker}}'
        set -- {{string.Join(' ', arguments.Select(Quote))}}
        {{script.Text}}
        }
        """;
}
