namespace OsModa.Core.Comparison;

/// <summary>How near a kind of difference is to a unit: what people would look at first, then what is further away.</summary>
internal static class Closeness
{
    public const int Settings = 0, Program = 1, Script = 2, NamedFile = 3, NamedPackage = 4;

    /// <summary>Units without which it does not run: its socket, what it requires or is bound to.</summary>
    public const int NeededUnit = 5;

    /// <summary>Units that it wants, and those it starts behind.</summary>
    public const int WantedUnit = 7;

    /// <summary>A file below /etc that bears its name, but that it does not name itself.</summary>
    public const int FileOfItsName = 7;

    /// <summary>In the PATH of its commands.</summary>
    public const int SearchPath = 9;

    /// <summary>A file that most programs read, such as /etc/resolv.conf.</summary>
    public const int CommonFile = 14;

    public const int Kernel = 20;

    private const int FurthestPackage = 12;

    /// <summary>A package that what it names needs.</summary>
    /// <param name="steps">1 for a direct reference.</param>
    public static int Package(int steps) => Math.Min(NamedPackage + steps, FurthestPackage);
}
