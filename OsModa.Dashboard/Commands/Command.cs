namespace OsModa.Dashboard.Commands;

/// <summary>What the program does instead of serving pages: without the web host, so at once.</summary>
internal abstract class Command
{
    public const int Misused = 1;

    /// <summary>Null: serve pages.</summary>
    public static Command? Of(string[] args) => args switch
    {
        ["ledger", ..] when args.Any(static arg => arg is "--help" or "-h") => new Say(HelpText.Ledger, 0),
        ["ledger", "verify", .. var rest] => VerifyOptions.TryParse(rest, out var options, out var error) ? new VerifyLedger(options) : new Say(error, Misused),
        ["ledger", "backup", .. var rest] => BackUpLedger.Of(rest, out var wrong) ?? (Command)new Say(wrong, Misused),
        ["ledger", "rotate-key", .. var rest] => RotateKey.Of(rest, out var wrong) ?? (Command)new Say(wrong, Misused),
        ["ledger", ..] => new Say(HelpText.Ledger, Misused),
        _ when args.Any(static arg => arg is "--help" or "-h") => new Say(HelpText.All, 0),
        _ => null,
    };

    /// <summary>Does it.</summary>
    /// <param name="output">For what was asked for.</param>
    /// <param name="errors">For everything else.</param>
    /// <returns>The exit code.</returns>
    public abstract int Run(TextWriter output, TextWriter errors);

    private sealed class Say(string text, int exitCode) : Command
    {
        public override int Run(TextWriter output, TextWriter errors)
        {
            (exitCode == 0 ? output : errors).WriteLine(text);
            return exitCode;
        }
    }
}
