using System.Collections.Frozen;
using OsModa.Core.Comparison;
using OsModa.Core.Nix;
using Xunit;

namespace OsModa.Tests.Comparison;

public sealed class SystemContentsTests
{
    private const string Unit = "etc/systemd/system/a.service", DropIn = "etc/systemd/system/a.service.d/x.conf";

    [Fact]
    public void The_same_path_with_the_same_target_is_alike_and_left_out()
    {
        var (from, to) = SystemContents.Differing(
            Files(("etc/same", "/nix/store/x", "1"), ("etc/other", "/nix/store/x", "1"), ("etc/left", "/nix/store/x", "1")),
            Files(("etc/same", "/nix/store/x", "1"), ("etc/other", "/nix/store/y", "2"), ("etc/right", "/nix/store/x", "1")));

        Assert.Equal(["etc/left", "etc/other"], from.Entries.Keys.Order());
        Assert.Equal(["etc/left", "etc/other"], from.Texts.Keys.Order());
        Assert.Equal(["etc/other", "etc/right"], to.Entries.Keys.Order());
        Assert.Equal(["etc/other", "etc/right"], to.Texts.Keys.Order());
    }

    [Fact]
    public void What_no_link_leads_to_is_told_by_its_contents()
    {
        var (from, _) = SystemContents.Differing(Files(("etc/sudoers.mode", "0e1f", "0440\n")), Files(("etc/sudoers.mode", "77aa", "0444\n")));

        Assert.Equal("0440\n", from.TextOf("etc/sudoers.mode"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_texts_of_a_unit_stay_whole_where_any_part_of_it_differs(bool dropInDiffers)
    {
        var left = Files((Unit, "/nix/store/u", "[Service]\nA=1\n"), (DropIn, "/nix/store/d", "[Service]\nB=1\n"));
        var right = dropInDiffers
            ? Files((Unit, "/nix/store/u", "[Service]\nA=1\n"), (DropIn, "/nix/store/e", "[Service]\nB=2\n"))
            : Files((Unit, "/nix/store/v", "[Service]\nA=2\n"), (DropIn, "/nix/store/d", "[Service]\nB=1\n"));

        var difference = Difference(left, right);

        var unit = Assert.Single(difference.Units);
        Assert.Contains("A=1", unit.Old, StringComparison.Ordinal);
        Assert.Contains("B=1", unit.Old, StringComparison.Ordinal);
        Assert.Contains(dropInDiffers ? "A=1" : "A=2", unit.New, StringComparison.Ordinal);
        Assert.Contains(dropInDiffers ? "B=2" : "B=1", unit.New, StringComparison.Ordinal);
        Assert.Empty(difference.Files);
    }

    [Fact]
    public void The_template_of_an_instance_that_differs_stays_whole()
    {
        const string template = "etc/systemd/system/a@.service", own = "etc/systemd/system/a@x.service.d/o.conf";

        var difference = Difference(
            Files((template, "/nix/store/u", "[Service]\nA=1\n"), (own, "/nix/store/d", "[Service]\nB=1\n")),
            Files((template, "/nix/store/u", "[Service]\nA=1\n"), (own, "/nix/store/e", "[Service]\nB=2\n")));

        var unit = Assert.Single(difference.Units);
        Assert.Equal(("a@x.service", "[Service]\nA=1\n\n[Service]\nB=1\n", "[Service]\nA=1\n\n[Service]\nB=2\n"), (unit.Unit.Text, unit.Old, unit.New));
    }

    [Fact]
    public void A_script_of_both_says_nothing_and_what_a_system_boots_with_is_always_compared()
    {
        var left = Files(("/nix/store/00000000000000000000000000000000-unit-script-a/bin/a", null, "x"), ("boot.json", null, "{}"));

        var (from, _) = SystemContents.Differing(left, left);

        Assert.Equal(["boot.json"], from.Texts.Keys);
    }

    [Fact]
    public void Two_servers_of_one_system_have_no_difference()
    {
        var files = Files((Unit, "/nix/store/u", "[Service]\n"), ("etc/hosts", "/nix/store/h", "h"));

        var difference = Difference(files, files);

        Assert.True(difference is { Units.IsEmpty: true, Files.IsEmpty: true, Security.IsEmpty: true, Boot.None: true, Packages.Changes.IsEmpty: true });
    }

    private static SystemDifference Difference(SystemFiles left, SystemFiles right) => SystemContents.Between(new SystemContents(Closure(), left), new SystemContents(Closure(), right));

    private static Closure Closure() => new(StorePath.Parse("/nix/store/00000000000000000000000000000000-nixos-system-a-1"), []);

    private static SystemFiles Files(params (string Path, string? Target, string Text)[] files) => new(
        files.Where(file => file.Target is not null).ToFrozenDictionary(file => file.Path, file => new FileEntry(file.Path, false, file.Target!)),
        files.ToFrozenDictionary(file => file.Path, file => new FileText(file.Text.Length, file.Text)));
}
