using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using OsModa.E2E.Running;
using Xunit;

namespace OsModa.E2E.Packaging;

/// <summary>What the image is made of: the very command of the Dockerfile, and what comes out of it started once.</summary>
public sealed partial class PublishedTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osmoda-published-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_Dockerfile_publishes_starts_and_serves_its_pages_and_assets()
    {
        var app = Path.Combine(_folder.FullName, "app");
        var command = Publish().Match(await File.ReadAllTextAsync(Path.Combine(ProductFiles.Repository, "Dockerfile"), Stop)).Groups["command"].Value;
        Assert.Contains("--output /app", command, StringComparison.Ordinal);
        var (status, output) = await RunAsync("bash", "-c", $"cd '{ProductFiles.Repository}' && {command.Replace("--output /app", $"--output '{app}'", StringComparison.Ordinal)}");
        Assert.True(status == 0, output);

        using var process = Start("dotnet", Path.Combine(app, "OsModa.Dashboard.dll"), "--urls", "http://127.0.0.1:0", $"--Storage:Folder={Path.Combine(_folder.FullName, "data")}");
        try
        {
            var address = await AddressAsync(process);
            using var browser = new HttpClient { BaseAddress = address };
            Assert.Equal("Healthy", await browser.GetStringAsync("/healthz", Stop));
            Assert.Contains("Sign in", await browser.GetStringAsync("/sign-in", Stop), StringComparison.Ordinal);
            foreach (var asset in (string[])["/css/tokens.css", "/js/theme.js", "/_framework/blazor.web.js", "/_content/Radzen.Blazor/Radzen.Blazor.min.js"])
            {
                using var answer = await browser.GetAsync(asset, Stop);
                Assert.True(answer.StatusCode == HttpStatusCode.OK && answer.Content.Headers.ContentLength != 0, $"{asset}: {answer.StatusCode}");
            }

            Assert.Equal(0, (await RunAsync("kill", "-TERM", process.Id.ToString())).Status);
            await process.WaitForExitAsync(Stop).WaitAsync(TimeSpan.FromSeconds(60), Stop);
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task<Uri> AddressAsync(Process process)
    {
        var said = new List<string>();
        while (await process.StandardOutput.ReadLineAsync(Stop).AsTask().WaitAsync(TimeSpan.FromSeconds(60), Stop) is { } line)
        {
            said.Add(line);
            if (Answers().Match(line) is { Success: true } match)
            {
                return new Uri(match.Groups["address"].Value);
            }
        }

        throw new InvalidOperationException("It did not start:\n" + string.Join('\n', said));
    }

    private static async Task<(int Status, string Output)> RunAsync(params string[] command)
    {
        using var process = Start(command);
        var errors = process.StandardError.ReadToEndAsync(Stop);
        var output = await process.StandardOutput.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        return (process.ExitCode, output + await errors);
    }

    private static Process Start(params string[] command) => Process.Start(new ProcessStartInfo(command[0], command[1..])
    {
        UseShellExecute = false,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    [GeneratedRegex("^RUN (?<command>dotnet publish .*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Publish();

    [GeneratedRegex("answers on (?<address>http://\\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Answers();
}
