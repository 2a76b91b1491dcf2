namespace OsModa.Core.Comparison;

/// <summary>What of a system may have brought a unit down.</summary>
public enum SuspectKind
{
    /// <summary>The unit's own file.</summary>
    Settings,

    /// <summary>What it runs.</summary>
    Program,

    /// <summary>A script that NixOS wrote for it.</summary>
    Script,

    /// <summary>A file that it reads: of the store or below /etc.</summary>
    File,
    Package,

    /// <summary>A unit that it needs, its socket among them.</summary>
    Unit,
    Kernel,
}

/// <summary>A difference between two systems that may be why a unit fails.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Subject">Its name: a unit, a package, a file.</param>
/// <param name="Why">A sentence: what it has to do with the unit, and how it differs.</param>
/// <param name="Closeness">How near it is to the unit, 0 the nearest; steps of <see cref="Suspects"/>, no measure.</param>
public sealed record Suspect(SuspectKind Kind, string Subject, string Why, int Closeness)
{
    /// <summary>Id of its row on the page of the comparison; null where it has none.</summary>
    public string? Row { get; init; }

    /// <summary>Of a file of the store: its text in the first system; null when it is not there, or was not read.</summary>
    public string? Old { get; init; }

    /// <summary>The same in the second system.</summary>
    public string? New { get; init; }
}
