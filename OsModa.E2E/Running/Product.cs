using System.Diagnostics;
using System.Text.RegularExpressions;

namespace OsModa.E2E.Running;

/// <summary>The dashboard as people run it: a process of its own, on a free port, with a data folder of its own.</summary>
public sealed partial class Product : IAsyncDisposable
{
    private static readonly TimeSpan StartCeiling = TimeSpan.FromSeconds(60);

    private readonly string[] _arguments;
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("osmoda-e2e-");
    private Process? _process;
    private int _port;
    private int _linesBefore;

    private Product(string[] arguments) => _arguments = arguments;

    public ProductLog Log { get; } = new();

    public Uri Address => new($"http://127.0.0.1:{_port}/");

    public string DataFolder => _data.FullName;

    public int ProcessId => _process?.Id ?? throw new InvalidOperationException("The product does not run.");

    /// <summary>Starts it and waits until it answers.</summary>
    /// <param name="arguments">Of the command line, such as <c>--demo</c>.</param>
    /// <exception cref="InvalidOperationException">It ended, or did not answer; the message carries its output.</exception>
    public static async Task<Product> StartAsync(params string[] arguments)
    {
        var product = new Product(arguments);
        try
        {
            await product.StartAgainAsync();
            return product;
        }
        catch
        {
            await product.DisposeAsync();
            throw;
        }
    }

    /// <summary>On the same data and the same port as before.</summary>
    public async Task StartAgainAsync()
    {
        _linesBefore = Log.Lines.Count;
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(ProductFiles.Program),
            Environment = { ["DOTNET_GCgen0size"] = "0x2000000" },     // as ./run starts it
            ArgumentList = { ProductFiles.Program, "--urls", $"http://127.0.0.1:{_port}", $"--Storage:Folder={_data.FullName}", "--Limits:GuessesPerMinute=1000" },
        };
        foreach (var argument in _arguments)
        {
            start.ArgumentList.Add(argument);
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Log.Add(line.Data);
        _process.ErrorDataReceived += (_, line) => Log.Add(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _port = int.Parse(await SayingAsync("the port it listens on", line => Listening().Match(line) is { Success: true } m ? m.Groups["port"].Value : null));
    }

    /// <summary>The one-time link of the first run, as printed.</summary>
    public async Task<Uri> SetupLinkAsync() =>
        new(await SayingAsync("a setup link", line => SetupLink().Match(line) is { Success: true } m ? m.Value : null));

    /// <summary>First thing of this run's output that <paramref name="pick"/> makes something of.</summary>
    public async Task<string> SayingAsync(string what, Func<string, string?> pick)
    {
        try
        {
            return await Until.GotAsync(what, StartCeiling, () => Task.FromResult(Log.Find(_linesBefore, pick) ?? (_process!.HasExited ? throw Broken($"it ended with {_process.ExitCode}") : null)));
        }
        catch (TimeoutException late)
        {
            throw Broken(late.Message);
        }
    }

    /// <summary>SIGKILL: it gets no chance to tidy up.</summary>
    public async Task KillAsync()
    {
        if (_process is null)
        {
            return;
        }

        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _data.Delete(recursive: true);
    }

    private InvalidOperationException Broken(string what) => new($"The product did not start: {what}\n{Log}");

    [GeneratedRegex(@"osModa Dashboard answers on http://127\.0\.0\.1:(?<port>[0-9]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Listening();

    [GeneratedRegex(@"http://[^\s'""]+/setup[^\s'""]*", RegexOptions.None, 1000)]
    private static partial Regex SetupLink();
}
