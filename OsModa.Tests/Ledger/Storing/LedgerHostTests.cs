using OsModa.Core.Ledger.Storing;
using OsModa.Core.Storage;
using Xunit;

namespace OsModa.Tests.Ledger.Storing;

public sealed class LedgerHostTests : IDisposable
{
    private readonly DirectoryInfo _place = Directory.CreateTempSubdirectory("osmoda-host-");

    private StorageSettings Storage => new() { Folder = Path.Combine(_place.FullName, "data") };

    public void Dispose() => _place.Delete(recursive: true);

    [Fact]
    public void The_name_of_the_first_start_stays_and_a_setting_goes_before_it()
    {
        var first = LedgerHost.Choose(Storage, null);
        Assert.Equal(Environment.MachineName, first, ignoreCase: true);
        File.WriteAllText(Path.Combine(Storage.KeyFolder, "ledger.host"), "named.before\n");

        Assert.Equal("named.before", LedgerHost.Choose(Storage, " "));
        Assert.Equal("ledger.example", LedgerHost.Choose(Storage, " ledger.example "));
        Assert.Equal("named.before", LedgerHost.Choose(Storage, null));
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("a+b")]
    [InlineData("büro.example")]
    [InlineData("a\u0001b")]
    public void A_name_that_no_log_can_have_is_refused_at_the_start(string host) =>
        Assert.StartsWith($"Ledger:Host is '{host}'", Assert.Throws<StartRefusedException>(() => LedgerHost.Choose(Storage, host)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_name_that_is_too_long_for_a_file_is_refused() =>
        Assert.Throws<StartRefusedException>(() => LedgerHost.Choose(Storage, new string('a', 161)));
}
