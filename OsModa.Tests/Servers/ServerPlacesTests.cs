using OsModa.Core.Servers;
using Xunit;

namespace OsModa.Tests.Servers;

public sealed class ServerPlacesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_machine_does_a_few_at_a_time_and_holds_no_other_up()
    {
        var places = new ServerPlaces(2);
        var (builder, other, end, begun) = (ServerId.New(), ServerId.New(), new TaskCompletionSource(), 0);

        var all = Enumerable.Range(0, 5).Select(_ => places.InAsync(builder, WorkAsync, Stop)).ToList();
        await places.InAsync(other, () => Task.CompletedTask, Stop);
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
