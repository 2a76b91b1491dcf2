using OsModa.E2E.Running;
using OsModa.Tests.Lab;
using Xunit;

namespace OsModa.E2E;

/// <summary>Tests that start what they need and tell, when they fail, what the windows show and what the product wrote to its terminal.</summary>
public abstract class ProductTests(Browser browser) : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _started = new();

    protected Browser Browser { get; } = browser;

    /// <summary>A dashboard of the test's own.</summary>
    protected Task<Product> StartAsync(params string[] arguments) => KeepAsync(Product.StartAsync(arguments));

    /// <summary>A server of the test's own.</summary>
    protected Task<LabServer> ServerAsync(params string[] options) => KeepAsync(LabServer.UpAsync(options));

    /// <summary>A window with no cookies, or with those of somebody.</summary>
    protected Task<Window> OpenAsync(Product product, Look? look = null, string? session = null) => KeepAsync(Browser.OpenAsync(product, look, session));

    public async ValueTask DisposeAsync()
    {
        var failed = TestContext.Current.TestState?.Result == TestResult.Failed;
        while (_started.TryPop(out var started))
        {
            if (failed && started is Window window)
            {
                TestContext.Current.TestOutputHelper?.WriteLine(await window.ShownAsync());
            }

            await started.DisposeAsync();
            if (failed && started is Product product)
            {
                TestContext.Current.TestOutputHelper?.WriteLine(product.Log.ToString());
            }
        }

        if (failed)
        {
            Tell();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>The test has failed: what else is worth knowing.</summary>
    protected virtual void Tell()
    {
    }

    /// <summary>Disposed when the test ends.</summary>
    protected async Task<T> KeepAsync<T>(Task<T> starting)
        where T : IAsyncDisposable
    {
        var started = await starting;
        lock (_started)
        {
            _started.Push(started);
        }

        return started;
    }
}
