using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>The lab is what its README promises: what is proven on its servers is worth no more than they are.</summary>
[Trait("Tier", "lab")]
public sealed class LabCheckTests
{
    [Fact]
    public Task Servers_come_up_as_NixOS_with_their_people_and_host_keys() => HoldsAsync("1-start", "2-system", "5-people");

    [Fact]
    public Task Switches_power_cuts_and_cables_leave_what_the_table_of_generations_says() => HoldsAsync("3-switch", "4-power");

    private static async Task HoldsAsync(params string[] parts)
    {
        var lines = (await LabServer.CheckAsync(parts)).TrimEnd().Split('\n');

        // What was found instead stands indented below.
        var wrong = lines.Where(line => line.StartsWith("FAIL", StringComparison.Ordinal) || line.StartsWith(' ')).ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Matches("^[1-9][0-9]* passed, 0 failed$", lines[^1]);
    }
}
