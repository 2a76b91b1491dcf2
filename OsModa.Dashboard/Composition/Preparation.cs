namespace OsModa.Dashboard.Composition;

/// <summary>
/// Whether the data is as this version wants it. The dashboard listens from the beginning, since that takes as long as the database does;
/// until that is ready requests wait, and so does all work of its own.
/// </summary>
internal sealed class Preparation
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the data may be used; never when it may not, since the process ends then.</summary>
    public Task Ready => _done.Task;

    public void Finish() => _done.TrySetResult();

    /// <returns>Whether it is ready; otherwise nobody waits any more.</returns>
    public async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        await Ready.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return Ready.IsCompleted;
    }
}

/// <summary>Of an endpoint: whoever sends no cookies gets an answer without any data.</summary>
internal sealed class NeedsNoData;

/// <summary>Work that goes on as long as the dashboard runs, from when the data is ready.</summary>
internal abstract class PreparedService(Preparation preparation) : BackgroundService
{
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (await preparation.WaitAsync(stoppingToken))
        {
            await RunAsync(stoppingToken);
        }
    }

    protected abstract Task RunAsync(CancellationToken stoppingToken);
}

internal static class PreparationSetup
{
    /// <summary>Behind the routing, which gets ready meanwhile, and before all that asks who somebody is.</summary>
    public static void UsePreparation(this WebApplication app)
    {
        var preparation = app.Services.GetRequiredService<Preparation>();
        app.Use(next => http => preparation.Ready.IsCompleted || (http.Request.Cookies.Count == 0 && http.GetEndpoint()?.Metadata.GetMetadata<NeedsNoData>() is not null)
            ? next(http)
            : WaitAsync(next, http, preparation));
    }

    private static async Task WaitAsync(RequestDelegate next, HttpContext http, Preparation preparation)
    {
        if (await preparation.WaitAsync(http.RequestAborted))
        {
            await next(http);
        }
    }
}
