using System.Diagnostics;
using OsModa.Core.Ledger.Witnessing;
using OsModa.Tests.Ledger.Bundles;
using Xunit;

namespace OsModa.Tests.Ledger.Witnessing;

/// <summary>The same by a program that knows nothing of us: <c>openssl ts</c> as authority, and as the one who checks.</summary>
public sealed class OpensslTimestampTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osmoda-openssl-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task What_an_export_has_is_verified_by_openssl_as_its_README_says()
    {
        await using var stamped = await StampedLedger.StartAsync();
        await stamped.StampAsync();
        foreach (var (name, data) in TestBundle.Members(TestBundle.Make(stamped.Ledger)).Where(static member => member.Name.StartsWith("timestamps/", StringComparison.Ordinal)))
        {
            File.WriteAllBytes(Path(name.Replace('/', '.')), data);
        }

        await using var other = new TestAuthority(stamped.Ledger.Clock);
        Good("ts", "-verify", "-in", "timestamps.3.tsr", "-data", "timestamps.3.note", "-CAfile", stamped.Authority.RootsFile);
        Assert.NotEqual(0, Run("ts", "-verify", "-in", "timestamps.3.tsr", "-data", "timestamps.3.note", "-CAfile", other.RootsFile).Exit);
        Assert.NotEqual(0, Run("ts", "-verify", "-in", "timestamps.3.tsr", "-data", "timestamps.3.consistency.txt", "-CAfile", stamped.Authority.RootsFile).Exit);
        Assert.Contains("Time stamp: Jan 15 12:00:00 2026 GMT", Run("ts", "-reply", "-in", "timestamps.3.tsr", "-text").Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_openssl_stamps_is_taken_and_kept()
    {
        using var authority = new OpensslAuthority();
        await using var stamped = await StampedLedger.StartAsync();
        stamped.Ledger.Clock.Advance(TimeProvider.System.GetUtcNow() - stamped.Ledger.Clock.GetUtcNow());
        await stamped.GrowAsync(3);
        stamped.Use(stamped.Settings with { Roots = TimestampRoots.Read(authority.RootsFile) });
        stamped.Authority.Answer = asked => authority.Reply(asked.Encode());

        await stamped.StampAsync();

        Assert.True(stamped.State!.Holds);
        Assert.Equal("An openssl", TimestampCheck.Check(stamped.Kept().Token, System.Text.Encoding.UTF8.GetBytes(stamped.Kept().Note.ToString()), null).Signer);
    }

    private string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);

    private void Good(params string[] arguments) => Assert.True(Run(arguments) is { Exit: 0 }, string.Join(' ', arguments));

    private (int Exit, string Said) Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("openssl", arguments) { WorkingDirectory = _folder.FullName, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var said = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, said);
    }
}
