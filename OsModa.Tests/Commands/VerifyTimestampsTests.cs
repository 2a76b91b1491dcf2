using System.Text.Json;
using OsModa.Dashboard.Commands;
using OsModa.Tests.Ledger.Bundles;
using OsModa.Tests.Ledger.Witnessing;
using Xunit;

namespace OsModa.Tests.Commands;

/// <summary><c>ledger verify</c> of what was time-stamped.</summary>
public sealed class VerifyTimestampsTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osmoda-verify-");
    private StampedLedger _stamped = null!;
    private string _export = "";

    private string[] Key => ["--key", $"{_stamped.Ledger.Key}"];

    private string[] Roots => ["--timestamp-roots", _stamped.Authority.RootsFile];

    public async ValueTask InitializeAsync()
    {
        _stamped = await StampedLedger.StartAsync();
        await _stamped.StampAsync();
        _export = Path.Combine(_folder.FullName, "export.zip");
        await File.WriteAllBytesAsync(_export, TestBundle.Make(_stamped.Ledger));
    }

    public async ValueTask DisposeAsync()
    {
        await _stamped.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Exit_codes_and_words_say_who_was_trusted()
    {
        await using var other = new TestAuthority(_stamped.Ledger.Clock);

        var (plain, words) = Run([_export, .. Key]);
        Assert.Equal(0, plain);
        Assert.Contains("      The state of 3 entries was time-stamped at 2026-01-15 12:00:00Z, by its certificate by “Test TSA”. Nobody was asked to trust that certificate.\n", words, StringComparison.Ordinal);
        Assert.Equal(0, Run([_export, .. Key, .. Roots]).Exit);
        Assert.Contains("which leads to one of those that you trust", Run([_export, .. Key, .. Roots]).Said, StringComparison.Ordinal);
        Assert.Equal(5, Run([_export, .. Key, "--timestamp-roots", other.RootsFile]).Exit);
        Assert.Equal(1, Run([_export, .. Key, "--timestamp-roots", "/nowhere"]).Exit);
    }

    [Fact]
    public async Task A_database_is_asked_the_same_and_what_was_altered_in_it_is_found()
    {
        var file = _stamped.Ledger.Settings.File;
        await using var other = new TestAuthority(_stamped.Ledger.Clock);
        Assert.Equal((0, 5), (Run([file, .. Roots]).Exit, Run([file, "--timestamp-roots", other.RootsFile]).Exit));

        _stamped.Ledger.Tamper("UPDATE anchor SET authority = 'Somebody else'");

        var (exit, said) = Run([file]);
        Assert.Equal(2, exit);
        Assert.Contains("What is kept of the time stamp of 3 entries is not what entry 3 says of it: somebody changed it.", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Programs_get_it_as_json()
    {
        using var json = JsonDocument.Parse(Run([_export, "--json", .. Key, .. Roots]).Said);

        var stamp = json.RootElement.GetProperty("logs")[0].GetProperty("timestamp");
        Assert.Equal((3, "Test TSA", true), (stamp.GetProperty("size").GetInt32(), stamp.GetProperty("signer").GetString(), stamp.GetProperty("trusted").GetBoolean()));
        Assert.Equal(_stamped.Ledger.Clock.GetUtcNow(), stamp.GetProperty("at").GetDateTimeOffset());
    }

    private static (int Exit, string Said) Run(string[] arguments)
    {
        using var said = new StringWriter();
        return (Command.Of(["ledger", "verify", .. arguments])!.Run(said, TextWriter.Null), said.ToString());
    }
}
