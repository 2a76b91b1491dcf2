using System.Collections.Immutable;
using OsModa.Core.Comparison.Texts;

namespace OsModa.Core.Comparison;

/// <summary>Works out what changes below /etc, units left out, which are looked at by themselves.</summary>
public static class EtcChanges
{
    private const string Etc = "etc/";

    // NixOS writes the mode and owner of a file that is to be copied into files beside it (nixpkgs, nixos/modules/system/etc).
    private static readonly string[] Rights = [".mode", ".uid", ".gid"];

    public static ImmutableArray<FileChange> Find(SystemFiles from, SystemFiles to)
    {
        var paths = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (path, entry) in from.Entries.Concat(to.Entries))
        {
            if (path.StartsWith(Etc, StringComparison.Ordinal) && !entry.IsFolder && !path.StartsWith(UnitFiles.Folder, StringComparison.Ordinal))
            {
                paths.Add(Owner(path, from, to));
            }
        }

        return [.. paths.Select(path => Change(path, from, to)).OfType<FileChange>()];
    }

    private static string Owner(string path, SystemFiles from, SystemFiles to) =>
        Array.Find(Rights, end => path.EndsWith(end, StringComparison.Ordinal)) is { } end && path[..^end.Length] is var owner && (Has(from, owner) || Has(to, owner)) ? owner : path;

    private static bool Has(SystemFiles side, string path) => side.Entries.ContainsKey(path) || side.Texts.ContainsKey(path);

    private static FileChange? Change(string path, SystemFiles from, SystemFiles to)
    {
        // Only the rights beside it differ: the file itself was not told.
        var (inOld, inNew) = (from.Entries.ContainsKey(path), to.Entries.ContainsKey(path));
        var (old, @new) = (from.Texts.GetValueOrDefault(path), to.Texts.GetValueOrDefault(path));
        var change = new FileChange(path[Etc.Length..], FileChangeKind.Changed, inOld || !inNew ? old : null, inNew || !inOld ? @new : null)
        {
            OldRights = RightsOf(from, path),
            NewRights = RightsOf(to, path),
        };
        return (inOld, inNew) switch
        {
            (false, true) => change with { Kind = FileChangeKind.Added },
            (true, false) => change with { Kind = FileChangeKind.Removed },
            _ when old?.Text is { } a && @new?.Text is { } b => Same(change, a, b),
            _ => change,
        };
    }

    private static FileChange? Same(FileChange change, string old, string @new)
    {
        if (old == @new)
        {
            return change.OldRights == change.NewRights ? null : change with { Kind = FileChangeKind.Rights };
        }

        return HashMark.Without(old) == HashMark.Without(@new) ? change with { Kind = FileChangeKind.Rebuilt } : change;
    }

    private static string RightsOf(SystemFiles side, string path)
    {
        var mode = side.TextOf(path + ".mode")?.Trim() ?? "";
        var (user, group) = (side.TextOf(path + ".uid")?.Trim().TrimStart('+') ?? "", side.TextOf(path + ".gid")?.Trim().TrimStart('+') ?? "");
        return user.Length + group.Length == 0 ? mode : $"{mode} {user}:{group}".Trim();
    }
}
