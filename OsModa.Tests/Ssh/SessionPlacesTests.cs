using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Ssh;

public sealed class SessionPlacesTests
{
    private static readonly RemoteScript Read = new("read.sh", "true");
    private static readonly RemoteScript Act = new("act.sh", "true") { NeedsRoot = true };

    private readonly SessionPlaces _places = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_is_being_read_one_place_is_left_for_what_acts()
    {
        var reads = await Task.WhenAll(Enumerable.Range(0, SessionPlaces.AtOnce - 1).Select(_ => _places.TakeAsync(Read, Cancelled)));
        var another = _places.TakeAsync(Read, Cancelled);
        Assert.False(another.IsCompleted);

        await _places.TakeAsync(Act, Cancelled);
        reads[0]();
        await another;
    }

    [Fact]
    public async Task A_place_that_is_not_waited_for_any_more_is_not_taken()
    {
        var acts = await Task.WhenAll(Enumerable.Range(0, SessionPlaces.AtOnce).Select(_ => _places.TakeAsync(Act, Cancelled)));
        using var patience = new CancellationTokenSource();
        var given = Enumerable.Range(0, SessionPlaces.AtOnce).Select(_ => _places.TakeAsync(Read, patience.Token)).ToList();
        await patience.CancelAsync();
        foreach (var one in given)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        }

        Array.ForEach(acts, static leave => leave());

        await Task.WhenAll(Enumerable.Range(0, SessionPlaces.AtOnce - 1).Select(_ => _places.TakeAsync(Read, Cancelled)));
    }
}
