using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Dashboard.Composition;
using Xunit;

namespace OsModa.Tests.Composition;

/// <summary>The dashboard listens before its data is ready.</summary>
public sealed class PreparationTests : IAsyncLifetime
{
    private readonly WebApplication _app = Make();

    private Preparation Preparation => _app.Services.GetRequiredService<Preparation>();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _app.StartAsync(Stop);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task What_needs_data_is_answered_when_there_is_some_and_what_needs_none_at_once()
    {
        using var browser = _app.GetTestClient();
        var early = browser.GetAsync("/data", Stop);

        Assert.Equal("page", await browser.GetStringAsync("/page", Stop));
        Assert.False(early.IsCompleted);

        Preparation.Finish();
        using var answer = await early;
        Assert.Equal((HttpStatusCode.OK, "data"), (answer.StatusCode, await answer.Content.ReadAsStringAsync(Stop)));
    }

    [Fact]
    public async Task Whoever_may_be_signed_in_waits_on_every_page()
    {
        using var browser = _app.GetTestClient();
        using var stranger = _app.GetTestClient();
        browser.DefaultRequestHeaders.Add("Cookie", "session=1");
        var early = browser.GetAsync("/page", Stop);

        Assert.Equal("page", await stranger.GetStringAsync("/page", Stop));
        Assert.False(early.IsCompleted);
        Preparation.Finish();
        using var answer = await early;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Whoever_leaves_while_waiting_is_not_served()
    {
        using var browser = _app.GetTestClient();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var early = browser.GetAsync("/count", patience.Token);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => early);

        Preparation.Finish();
        Assert.Equal("1", await browser.GetStringAsync("/count", Stop));
    }

    [Fact]
    public async Task Work_of_its_own_begins_when_the_data_is_ready_and_not_at_all_when_it_is_stopped_before()
    {
        var (first, second) = (new Work(Preparation), new Work(Preparation));
        await first.StartAsync(Stop);
        await second.StartAsync(Stop);
        await second.StopAsync(Stop);
        await second.ExecuteTask!.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        Assert.False(first.Begun.Task.IsCompleted);

        Preparation.Finish();
        await first.Begun.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Stop);
        Assert.False(second.Begun.Task.IsCompleted);
    }

    private static WebApplication Make()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Services.AddSingleton<Preparation>();
        var app = builder.Build();
        app.UseRouting();
        app.UsePreparation();
        var served = 0;
        app.MapGet("/data", static () => "data");
        app.MapGet("/page", static () => "page").WithMetadata(new NeedsNoData());
        app.MapGet("/count", () => Interlocked.Increment(ref served));
        return app;
    }

    private sealed class Work(Preparation preparation) : PreparedService(preparation)
    {
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override Task RunAsync(CancellationToken stoppingToken)
        {
            Begun.SetResult();
            return Task.CompletedTask;
        }
    }
}
