using System.Diagnostics;
using OsModa.Core.Ledger.Witnessing;
using OsModa.Tests.Ledger.Bundles;
using Xunit;

namespace OsModa.Tests.Ledger.Witnessing;

/// <summary>The same by a program that knows nothing of us: <c>openssl ts</c> as authority, and as the one who checks.</summary>
public sealed class OpensslTimestampTests : IDisposable
{
    private const string Configuration =
        """
        [ tsa ]
        default_tsa = here
        [ here ]
        serial = serial
        signer_cert = tsa.pem
        signer_key = tsa.key
        signer_digest = sha256
        default_policy = 1.2.3.4.1
        digests = sha256
        ess_cert_id_alg = sha256
        [ of_tsa ]
        basicConstraints = critical, CA:FALSE
        extendedKeyUsage = critical, timeStamping
        """;

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
        File.WriteAllText(Path("tsa.cnf"), Configuration);
        File.WriteAllText(Path("serial"), "01");
        Good("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "root.key", "-out", "roots.pem", "-subj", "/CN=Root", "-days", "30");
        Good("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=An openssl");
        Good("x509", "-req", "-in", "tsa.csr", "-CA", "roots.pem", "-CAkey", "root.key", "-CAcreateserial", "-out", "tsa.pem", "-days", "20", "-extfile", "tsa.cnf", "-extensions", "of_tsa");
        await using var stamped = await StampedLedger.StartAsync();
        stamped.Ledger.Clock.Advance(TimeProvider.System.GetUtcNow() - stamped.Ledger.Clock.GetUtcNow());
        await stamped.GrowAsync(3);
        stamped.Use(stamped.Settings with { Roots = TimestampRoots.Read(Path("roots.pem")) });
        stamped.Authority.Answer = asked =>
        {
            File.WriteAllBytes(Path("query"), asked.Encode());
            Good("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "answer");
            return File.ReadAllBytes(Path("answer"));
        };

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
