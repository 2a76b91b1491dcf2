using Bunit;
using OsModa.Core.Comparison;
using OsModa.Dashboard.Pages.Comparing;
using OsModa.Tests.Comparison;
using Xunit;

namespace OsModa.Tests.Pages.Comparing;

public sealed class BootDifferenceTests : BunitContext
{
    [Fact]
    public void A_kernel_parameter_and_a_specialisation_may_have_one_name()
    {
        var systems = new Systems().File("boot.json", """{"org.nixos.bootspec.v1":{"kernelParams":[]}}""", """{"org.nixos.bootspec.v1":{"kernelParams":["debug"]},"org.nixos.specialisation.v1":{"debug":{}}}""");

        var rows = Render<BootDifference>(parameters => parameters.Add(p => p.Boot, BootChange.Find(systems.From, systems.To))).FindAll("li");

        Assert.Equal(["debug", "debug"], rows.Select(row => row.QuerySelector("b")!.TextContent));
        Assert.Equal(["boot-debug", "boot-menu-debug"], rows.Select(row => row.Id));
    }
}
