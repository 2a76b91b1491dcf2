using Xunit;

namespace OsModa.Tests.Lab;

[Trait("Tier", "lab")]
public sealed class RandomSwitchTests
{
    [Fact]
    public async Task Whatever_happens_at_whatever_moment_no_success_and_no_rollback_is_false()
    {
        await using var machine = await LabServer.UpAsync("--store", "troubles");
        var runs = new RandomSwitches(new ConsoleSwitch(machine), seed: 4);
        for (var i = 0; i < 10; i++)
        {
            Assert.Null(await runs.RunAsync());
        }
    }
}
