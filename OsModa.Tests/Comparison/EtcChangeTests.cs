using OsModa.Core.Comparison;
using Xunit;

namespace OsModa.Tests.Comparison;

public sealed class EtcChangeTests
{
    private const string Hash = "/nix/store/00000000000000000000000000000000-a/bin/a";
    private const string OtherHash = "/nix/store/11111111111111111111111111111111-a/bin/a";

    [Fact]
    public void Files_are_added_removed_and_changed() => Assert.Equal(
        ["a Added", "b Removed", "c Changed"],
        Told(new Systems().File("etc/a", null, "1").File("etc/b", "1", null).File("etc/c", "1", "2")));

    [Fact]
    public void A_file_that_names_a_rebuilt_program_says_the_same() =>
        Assert.Equal(["pam.d/login Rebuilt"], Told(new Systems().File("etc/pam.d/login", $"auth {Hash}\n", $"auth {OtherHash}\n")));

    [Fact]
    public void A_file_under_another_link_with_the_same_contents_is_no_change() => Assert.Empty(Told(new Systems().File("etc/hosts", "127.0.0.1 a", "127.0.0.1 a")));

    [Fact]
    public void Rights_beside_a_file_belong_to_it()
    {
        var change = Assert.Single(EtcChanges.Find(
            new Systems().File("etc/sudoers.mode", "0440", null).File("etc/sudoers.uid", "+0", null).File("etc/sudoers.gid", "+0", null).File("etc/sudoers", "x", null).From,
            new Systems().File("etc/sudoers.mode", null, "0444").File("etc/sudoers", null, "x").To));

        Assert.Equal(("sudoers", FileChangeKind.Rights, "0440 0:0", "0444"), (change.Path, change.Kind, change.OldRights, change.NewRights));
    }

    [Fact]
    public void Units_are_not_told_twice() => Assert.Empty(Told(new Systems().Unit("a.service", "1", "2").File("etc/systemd/system/a.service.d/x.conf", "1", "2")));

    [Fact]
    public void Settings_of_systemd_itself_are_files_like_others() => Assert.Equal(["systemd/journald.conf Changed"], Told(new Systems().File("etc/systemd/journald.conf", "1", "2")));

    [Fact]
    public void What_is_no_text_is_named_only()
    {
        var systems = new Systems().File("etc/a.bin", "1", "2");
        var binary = new SystemFiles(systems.To.Entries, System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary(new Dictionary<string, FileText> { ["etc/a.bin"] = new(7_000_000, null) }));

        var change = Assert.Single(EtcChanges.Find(systems.From, binary));

        Assert.Equal((FileChangeKind.Changed, 7_000_000L, null), (change.Kind, change.New!.Bytes, change.New.Text));
    }

    private static IEnumerable<string> Told(Systems systems) => EtcChanges.Find(systems.From, systems.To).Select(change => $"{change.Path} {change.Kind}");
}
