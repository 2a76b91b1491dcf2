namespace OsModa.Core.Comparison.Packages;

/// <summary>What a store path is that NixOS wrote from the configuration, not a package that somebody released.</summary>
public enum ArtefactKind
{
    /// <summary>The system itself, or that of a specialisation.</summary>
    System,
    /// <summary>The tree of links to the chosen packages, <c>/run/current-system/sw</c>.</summary>
    SystemPath,
    /// <summary>Files of units, or a folder of them.</summary>
    Units,
    /// <summary>Programs that units run: <c>ExecStartPre=</c>, <c>script =</c>.</summary>
    UnitScripts,
    /// <summary>What a unit is restarted or reloaded for.</summary>
    Triggers,
    /// <summary>Files below <c>/etc</c>, or the whole of it.</summary>
    Etc,
    /// <summary>A program's own settings.</summary>
    Settings,
    /// <summary>Who may log in.</summary>
    Users,
    /// <summary>Files of a person's home.</summary>
    Home,
    /// <summary>What runs while the system is built into place: boot stages, activation.</summary>
    Activation,
}
