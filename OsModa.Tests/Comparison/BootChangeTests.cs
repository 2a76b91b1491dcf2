using OsModa.Core.Comparison;
using Xunit;

namespace OsModa.Tests.Comparison;

public sealed class BootChangeTests
{
    private const string Store = "/nix/store/00000000000000000000000000000000-";

    [Fact]
    public void Another_kernel_and_other_parameters_need_a_reboot()
    {
        var change = Change(Json("linux-6.6.32", "quiet", "loglevel=4"), Json("linux-6.6.94", "quiet", "nosmt"));

        Assert.Equal((("6.6.32", "6.6.94"), true, false), (change.Kernel, change.NeedsReboot, change.OnlyByReboot));
        Assert.Equal(("nosmt", "loglevel=4"), (Assert.Single(change.ParamsAdded), Assert.Single(change.ParamsRemoved)));
    }

    [Fact]
    public void The_same_boot_files_need_none()
    {
        var change = Change(Json("linux-6.6.32"), Json("linux-6.6.32"));

        Assert.Equal((true, false, true), (change.Known, change.NeedsReboot, change.None));
    }

    [Theory]
    [InlineData("systemd-255.6", "systemd-257.1", true)]
    [InlineData("systemd-255.6", "systemd-255.9", false)]
    [InlineData("systemd-255.6", "systemd-minimal", false)]
    public void Another_major_version_of_systemd_needs_a_reboot(string old, string @new, bool needed)
    {
        var systems = new Systems().Link("systemd", Store + old, Store + @new);

        Assert.Equal(needed, BootChange.Find(systems.From, systems.To).NeedsReboot);
    }

    [Fact]
    public void Other_modules_of_the_same_kernel_need_a_reboot()
    {
        var systems = new Systems().File("boot.json", Json("linux-6.6.32"), Json("linux-6.6.32")).Link("kernel-modules", Store + "a", Store + "b");

        var change = BootChange.Find(systems.From, systems.To);

        Assert.Equal((true, true, false), (change.NeedsReboot, change.KernelModules, change.Initrd));
    }

    [Theory]
    [InlineData("""{"dbus":"a","x":1}""", """{"dbus":"b","y":2}""", "dbus")]
    [InlineData("""{"dbus":"a"}""", """{"other":"b"}""", "")]
    [InlineData("""{"dbus":"a"}""", "no json", "")]
    [InlineData("[]", """{"dbus":"b"}""", "")]
    public void A_part_that_both_name_and_that_differs_must_not_change_in_a_running_server(string old, string @new, string parts)
    {
        var systems = new Systems().File("switch-inhibitors", old, @new);

        Assert.Equal(parts, string.Join(' ', BootChange.Find(systems.From, systems.To).Inhibitors));
    }

    [Fact]
    public void Another_init_interface_comes_only_by_a_reboot()
    {
        var systems = new Systems().File("init-interface-version", "systemd 2\n", "systemd 3\n");

        var change = BootChange.Find(systems.From, systems.To);

        Assert.Equal((("systemd 2", "systemd 3"), true), (change.InitInterface, change.OnlyByReboot));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"org.nixos.bootspec.v1":7}""")]
    [InlineData("""{"org.nixos.bootspec.v1":{"kernelParams":{}}}""")]
    [InlineData("""{"org.nixos.bootspec.v1":{"kernel":7,"kernelParams":[1,null]},"org.nixos.specialisation.v1":[]}""")]
    public void Odd_documents_of_a_hostile_server_do_no_harm(string json) => Assert.False(Change(json, json).NeedsReboot);

    private static BootChange Change(string old, string @new)
    {
        var systems = new Systems().File("boot.json", old, @new);
        return BootChange.Find(systems.From, systems.To);
    }

    private static string Json(string kernel, params string[] parameters) =>
        $$$"""{"org.nixos.bootspec.v1":{"kernel":"{{{Store}}}{{{kernel}}}/bzImage","initrd":"{{{Store}}}initrd/initrd","kernelParams":[{{{string.Join(',', parameters.Select(p => $"\"{p}\""))}}}]}}""";
}
