using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;

namespace OsModa.Tests.Storage;

/// <summary>Counts what a database is asked to do.</summary>
public sealed class DatabaseWork : ILoggerFactory, ILogger
{
    private int _reads;
    private int _commits;

    /// <summary>Questions that were answered.</summary>
    public int Reads => Volatile.Read(ref _reads);

    public int Commits => Volatile.Read(ref _commits);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId == RelationalEventId.CommandExecuted && formatter(state, exception).Contains("SELECT", StringComparison.Ordinal))
        {
            Interlocked.Increment(ref _reads);
        }
        else if (eventId == RelationalEventId.TransactionCommitted)
        {
            Interlocked.Increment(ref _commits);
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }
}
