using OsModa.Core.Ssh;
using OsModa.Tests.Ledger.Mirror;
using Xunit;

namespace OsModa.Tests.Configuration;

public sealed class OldChecksTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osmoda-old-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_run_of_the_last_day_stays_however_many_there_are()
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        for (var i = 0; i < 100; i++)
        {
            var run = Directory.CreateDirectory(Path.Combine(_folder, "checks", $"{i:D2}"));
            Directory.SetLastWriteTimeUtc(run.FullName, i < 80 ? now.AddMinutes(-i) : now.AddDays(-2).AddMinutes(-i));
        }

        var shell = new LocalShell(_folder);
        await using var ran = await shell.StartAsync(new RemoteScript("old.sh", $"{RemoteScript.Embedded("old-checks.sh").Text}\nclear_old_checks\n"), [], TestContext.Current.CancellationToken);

        Assert.Equal(0, await ran.ExitStatus);
        Assert.Equal(Enumerable.Range(0, 80).Select(i => $"{i:D2}"), Directory.GetDirectories(Path.Combine(_folder, "checks")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }
}
