namespace OsModa.Core.Comparison;

/// <summary>How a file below /etc is another.</summary>
public enum FileChangeKind
{
    Added,
    Removed,
    Changed,

    /// <summary>Nothing but hashes of store paths: it names rebuilt programs.</summary>
    Rebuilt,

    /// <summary>The same contents with other rights or another owner.</summary>
    Rights,
}

/// <summary>A file below /etc that is not the same in both systems.</summary>
/// <param name="Path">Below /etc, such as <c>ssh/sshd_config</c>.</param>
/// <param name="Kind">How it is another.</param>
/// <param name="Old">Null when it is new.</param>
/// <param name="New">Null when it is gone.</param>
public sealed record FileChange(string Path, FileChangeKind Kind, FileText? Old, FileText? New)
{
    /// <summary>Mode and owner that NixOS gives its copy, such as <c>0440 0:0</c>; empty where it is a link into the store.</summary>
    public string OldRights { get; init; } = "";

    public string NewRights { get; init; } = "";
}
