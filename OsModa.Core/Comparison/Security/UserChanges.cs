using System.Text.Json;
using OsModa.Core.Observation.Wire;

namespace OsModa.Core.Comparison;

/// <summary>Users and groups, from the table that NixOS's activation works with (nixpkgs, users-groups.nix: users-groups.json).</summary>
internal static class UserChanges
{
    private static readonly string[] Powerful = ["wheel", "docker", "podman", "libvirtd", "disk", "shadow", "systemd-journal", "root", "lxd", "incus-admin"];

    public static IEnumerable<SecurityChange> Find(SystemFiles from, SystemFiles to)
    {
        if (Read(from) is not { } old || Read(to) is not { } @new)
        {
            yield break;
        }

        foreach (var user in @new.Users.Keys.Except(old.Users.Keys).Order(StringComparer.Ordinal))
        {
            yield return new SecurityChange($"user {user}", @new.Users[user].IsPerson ? "is added and can log in" : "is added, for a service", @new.Users[user].IsPerson ? SecurityMove.Looser : SecurityMove.Changed);
        }

        foreach (var user in @new.Users.Keys.Intersect(old.Users.Keys).Order(StringComparer.Ordinal))
        {
            foreach (var (what, move) in @new.Users[user].Since(old.Users[user]))
            {
                yield return new SecurityChange($"user {user}", what, move);
            }
        }

        foreach (var user in old.Users.Keys.Except(@new.Users.Keys).Order(StringComparer.Ordinal))
        {
            yield return new SecurityChange($"user {user}", "is removed", SecurityMove.Tighter);
        }

        foreach (var group in old.Groups.Keys.Union(@new.Groups.Keys).Order(StringComparer.Ordinal))
        {
            var (before, after) = (old.Groups.GetValueOrDefault(group, []), @new.Groups.GetValueOrDefault(group, []));
            foreach (var user in after.Except(before).Order(StringComparer.Ordinal))
            {
                yield return new SecurityChange($"user {user}", $"joins the group {group}{(group == "wheel" ? " and may become root" : "")}", Powerful.Contains(group) ? SecurityMove.Looser : SecurityMove.Changed);
            }

            foreach (var user in before.Except(after).Order(StringComparer.Ordinal))
            {
                yield return new SecurityChange($"user {user}", $"leaves the group {group}", Powerful.Contains(group) ? SecurityMove.Tighter : SecurityMove.Changed);
            }
        }
    }

    private static (Dictionary<string, UserAccount> Users, Dictionary<string, HashSet<string>> Groups)? Read(SystemFiles side)
    {
        var text = side.Texts.FirstOrDefault(one => one.Key.EndsWith("-users-groups.json", StringComparison.Ordinal)).Value?.Text;
        if (text is null)
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 16 });
            var users = new Dictionary<string, UserAccount>(StringComparer.Ordinal);
            foreach (var user in json.RootElement.GetProperty("users").EnumerateArray())
            {
                users[Name(user)] = UserAccount.Of(user);
            }

            var groups = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
            foreach (var group in json.RootElement.GetProperty("groups").EnumerateArray())
            {
                groups[Name(group)] = group.TryGetProperty("members", out var members)
                    ? [.. members.EnumerateArray().Select(m => ServerText.Harmless(m.GetString() ?? "", 64))]
                    : [];
            }

            return (users, groups);
        }
        catch (Exception odd) when (odd is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static string Name(JsonElement of) => ServerText.Harmless(of.GetProperty("name").GetString() ?? "", 64);
}
