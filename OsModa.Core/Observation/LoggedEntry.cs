namespace OsModa.Core.Observation;

/// <summary>An entry of the journal about something that was done on the server, not yet understood.</summary>
/// <param name="Cursor">Its place.</param>
/// <param name="Boot">In which run of the server's kernel.</param>
/// <param name="Program">Name of the program that wrote it, by the kernel.</param>
/// <param name="Uid">Of whom that program ran, by the kernel.</param>
/// <param name="Pid">Which process wrote it, by the kernel.</param>
/// <param name="Words">What it says.</param>
public sealed record LoggedEntry(JournalCursor Cursor, Guid Boot, string Program, int? Uid, int? Pid, JournalWords Words)
{
    /// <summary>Where that program lies, by the kernel; empty where the journal does not know. Any program may call itself by another's name, but not lie in its place.</summary>
    public string Executable { get; init; } = "";

    /// <summary>A place in the journal with nothing to tell: from there on it is read.</summary>
    public static LoggedEntry Mark(JournalCursor cursor, Guid boot) => new(cursor, boot, "", null, null, new JournalWords(null, "", null, 6, "", ""));
}
