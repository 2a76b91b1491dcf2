using System.Collections.ObjectModel;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace OsModa.Core.Ssh;

/// <summary>A program of ours under way: its streams, what it complains about (capped), and its end. Disposing kills it.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int ErrorsKept = 16 * 1024;
    private const int ErrorsAllowed = 1024 * 1024;

    private readonly Process _process;
    private readonly byte[] _errors = new byte[ErrorsKept];
    private long _errorsSeen;
    private int _disposed;

    private ChildProcess(Process process)
    {
        _process = process;
        (Input, Output) = (process.StandardInput.BaseStream, process.StandardOutput.BaseStream);
        Ended = WatchAsync(ReadErrorsAsync());
    }

    public Stream Input { get; }

    public Stream Output { get; }

    /// <summary>Exit status, once it has ended and its complaints are read.</summary>
    public Task<int> Ended { get; }

    /// <summary>It wrote more than a megabyte of complaints and was killed for that.</summary>
    public bool Flooded => Interlocked.Read(ref _errorsSeen) > ErrorsAllowed;

    /// <summary>The first 16 KiB of standard error; may hold text of a server.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return Encoding.UTF8.GetString(_errors, 0, (int)Math.Min(Interlocked.Read(ref _errorsSeen), ErrorsKept));
            }
        }
    }

    /// <summary>Starts a program that ends by itself when its peer does.</summary>
    /// <param name="file">Absolute path.</param>
    /// <param name="arguments">Each as it is; no shell in between.</param>
    /// <param name="agentSocket">The agent that it may ask; none by default.</param>
    /// <param name="environment">What it has in its environment beside PATH, the language and the shell.</param>
    /// <exception cref="ConnectionException">It cannot be started.</exception>
    public static ChildProcess Start(string file, IEnumerable<string> arguments, string? agentSocket = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var description = Description(file, arguments);
        if (agentSocket is not null)
        {
            description.Environment["SSH_AUTH_SOCK"] = agentSocket;
        }

        foreach (var (name, value) in environment ?? ReadOnlyDictionary<string, string>.Empty)
        {
            description.Environment[name] = value;
        }

        try
        {
            return new ChildProcess(Process.Start(description) ?? throw new InvalidOperationException($"{file} did not start."));
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            throw CannotStart(file, e);
        }
    }

    /// <summary>Starts a program that must not outlive us, whatever happens to us.</summary>
    /// <exception cref="ConnectionException">It cannot be started.</exception>
    public static async Task<ChildProcess> StartBoundAsync(SshPrograms programs, string file, IEnumerable<string> arguments)
    {
        try
        {
            return new ChildProcess(programs.Setpriv is { } setpriv
                ? await LastingThread.StartAsync(Description(setpriv, ["--pdeathsig", "KILL", file, .. arguments]))
                : await LastingThread.StartAsync(Description(file, arguments)));
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            throw CannotStart(file, e);
        }
    }

    /// <summary>Ends it at once. Safe at any time, also when it has ended or is disposed.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It has ended by itself.
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await Ended;
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        await Output.DisposeAsync();
        try
        {
            await Input.DisposeAsync();
        }
        catch (IOException)
        {
            // What was left to write has no reader any more.
        }

        _process.Dispose();
    }

    private static ProcessStartInfo Description(string file, IEnumerable<string> arguments)
    {
        var description = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        // Nothing of our own environment: no agent of the user who started us, no language but English, no settings.
        description.Environment.Clear();
        description.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin";
        description.Environment["LC_ALL"] = "C";
        description.Environment["SHELL"] = "/bin/sh";
        return description;
    }

    private static ConnectionException CannotStart(string file, Exception e) =>
        new(new ConnectionFault(ConnectionFaultKind.Ours, $"The dashboard cannot start {Path.GetFileName(file)}: {e.Message}"), e);

    private async Task<int> WatchAsync(Task errorsRead)
    {
        await _process.WaitForExitAsync();
        // A grandchild may hold the pipe open; its words do not matter any more.
        await Task.WhenAny(errorsRead, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System));
        return _process.ExitCode;
    }

    private async Task ReadErrorsAsync()
    {
        var buffer = new byte[4096];
        try
        {
            while (await _process.StandardError.BaseStream.ReadAsync(buffer) is > 0 and var count)
            {
                lock (_errors)
                {
                    if (_errorsSeen < ErrorsKept)
                    {
                        buffer.AsSpan(0, (int)Math.Min(count, ErrorsKept - _errorsSeen)).CopyTo(_errors.AsSpan((int)_errorsSeen));
                    }

                    Interlocked.Add(ref _errorsSeen, count);
                }

                if (Flooded)
                {
                    Kill();
                    return;
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The same as the end of the stream.
        }
    }
}
