namespace OsModa.Core.Configuration;

public enum WriteAccess
{
    /// <summary>What the form says counts.</summary>
    Writable,

    /// <summary>What the form says comes together with what is written elsewhere.</summary>
    Merges,

    /// <summary>What the form says would not count, or contradict what is written elsewhere.</summary>
    Locked,
}

/// <summary>
/// Whether a field can be written, by where its value comes from. The rule is clan's: a value stronger than a plain one locks; a plain one of
/// somebody else's locks unless the type merges; what is weaker gives way.
/// </summary>
/// <param name="Access">What the form may do.</param>
/// <param name="Why">A sentence for people; null where there is nothing to say.</param>
/// <param name="MayForce">It is locked, but what the form says would count with mkForce.</param>
public sealed record WriteRule(WriteAccess Access, string? Why, bool MayForce = false)
{
    /// <param name="option">What is to be written.</param>
    /// <param name="here">The value that it has on the server; null when that is the default.</param>
    /// <param name="form">The form's own setting as it was when <paramref name="here"/> was read, or null.</param>
    /// <param name="now">Priority of what the form says by now; null where it says nothing.</param>
    public static WriteRule For(Option option, ValueHere? here, Setting? form, int? now = null)
    {
        if (option.ReadOnly)
        {
            return new WriteRule(WriteAccess.Locked, "NixOS works this out by itself; nobody can set it.");
        }

        if (option.Type is CodeType)
        {
            return new WriteRule(WriteAccess.Writable, "This takes code; it can only be written as an expression of Nix.");
        }

        var others = here?.Files.Where(file => !IsForm(file)).ToList() ?? [];
        if (here is null || others.Count == 0)
        {
            return new WriteRule(WriteAccess.Writable, null);
        }

        var where = Where(others);
        return here.Priority switch
        {
            _ when now < here.Priority && now < Setting.Plain => new WriteRule(WriteAccess.Writable, $"{where} sets this too; yours is said with {Word(now.Value)}, which is stronger, and counts alone."),
            <= Setting.Plain when now > here.Priority => new WriteRule(WriteAccess.Writable, $"{where} sets this with {Word(here.Priority)}; yours is said with {Word(now.Value)}, which is weaker, and does not count."),
            // Where the form forces as well, both are of one priority and the type decides, as below.
            < Setting.Plain when here.Priority != form?.Priority => new WriteRule(WriteAccess.Locked, $"{where} sets this with {Word(here.Priority)}, which is stronger than the form. Change it there."),
            <= Setting.Plain when option.Type.Merges => new WriteRule(WriteAccess.Merges, $"{where} sets this too; both come together."),
            <= Setting.Plain => new WriteRule(WriteAccess.Locked, $"{where} sets this already, and two values would contradict each other. Change it there.", MayForce: here.Priority == Setting.Plain),
            _ => new WriteRule(WriteAccess.Writable, $"{where} suggests a value with {Word(here.Priority)}; yours counts."),
        };
    }

    /// <summary>The file is the form's own document.</summary>
    public static bool IsForm(SourcePlace file) => file.File.EndsWith("/" + SettingsFiles.Name, StringComparison.Ordinal);

    private static string Where(List<SourcePlace> files) => files switch
    {
        [var one] => Short(one),
        [var one, var two] => $"{Short(one)} and {Short(two)}",
        [var one, ..] => $"{Short(one)} and {files.Count - 1} more files",
        [] => "",
    };

    // Without the folders of the Nix store or of /etc/nixos: what people call the file.
    private static string Short(SourcePlace place)
    {
        var parts = place.File.Split('/');
        var from = place.File.StartsWith("/nix/store/", StringComparison.Ordinal) ? 4 : place.File.StartsWith("/etc/nixos/", StringComparison.Ordinal) ? 3 : 0;
        var file = from < parts.Length ? string.Join('/', parts[from..]) : place.File;
        return place.Line is { } line ? $"{file}, line {line}," : file;
    }

    /// <summary>A priority as people know it.</summary>
    public static string Word(int priority) => priority switch
    {
        Setting.Force => "mkForce",
        Setting.Default => "mkDefault",
        Setting.Plain => "a plain definition",
        _ => $"priority {priority}",
    };
}
