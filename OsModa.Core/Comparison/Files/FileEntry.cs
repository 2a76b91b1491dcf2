namespace OsModa.Core.Comparison;

/// <summary>A file of a system, below its store path, as <c>find</c> tells it.</summary>
/// <param name="Path">From the system on, such as <c>etc/ssh/sshd_config</c>; text of the server.</param>
/// <param name="IsFolder">It is a folder, or a link to one.</param>
/// <param name="Target">Where a link points; of a file that is no link, what tells its contents from others; empty for folders.</param>
public sealed record FileEntry(string Path, bool IsFolder, string Target)
{
    /// <summary>A unit that points here is masked: it cannot be started.</summary>
    public bool IsMask => Target == "/dev/null";
}

/// <summary>What a file holds.</summary>
/// <param name="Bytes">Its size.</param>
/// <param name="Text">Its lines, joined by line feeds; null when it is not text, or too large to be read.</param>
public sealed record FileText(long Bytes, string? Text);
