using OsModa.Core.Configuration;
using OsModa.Core.Servers;
using Xunit;

namespace OsModa.Tests.Configuration;

public sealed class BuildPlacesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_machine_does_a_few_at_a_time_and_holds_no_other_up()
    {
        using var places = new BuildPlaces(2);
        var (builder, other, end, begun) = (ServerId.New(), ServerId.New(), new TaskCompletionSource(), 0);

        var all = Enumerable.Range(0, 5).Select(_ => places.OnAsync(builder, WorkAsync, Stop)).ToList();
        await places.OnAsync(other, () => Task.CompletedTask, Stop);
        var first = begun;
        end.SetResult();
        await Task.WhenAll(all);

        Assert.Equal((2, 5), (first, begun));

        Task WorkAsync()
        {
            begun++;
            return end.Task;
        }
    }
}
