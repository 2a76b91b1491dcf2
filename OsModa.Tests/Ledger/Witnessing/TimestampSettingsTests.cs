using OsModa.Core.Ledger.Witnessing;
using OsModa.Core.Storage;
using Xunit;

namespace OsModa.Tests.Ledger.Witnessing;

public sealed class TimestampSettingsTests
{
    [Fact]
    public async Task What_is_not_named_has_its_default()
    {
        await using var authority = new TestAuthority(new HandClock());

        Assert.Same(TimestampSettings.None, TimestampSettings.Parse(null, "", " ", null));
        Assert.Equal(("tsa.example", TimeSpan.FromDays(1)), (TimestampSettings.Parse("http://tsa.example/tsr", null, null, null) is var few ? few.Name : "", few.Every));
        var all = TimestampSettings.Parse("https://tsa.example/tsr", "An authority", authority.RootsFile, "12:00:00");
        Assert.Equal(("An authority", TimeSpan.FromHours(12)), (all.Name, all.Every));
    }

    [Theory]
    [InlineData(null, "X", null, null, "Ledger:Timestamps:Url")]
    [InlineData("tsa.example", null, null, null, "which is no web address")]
    [InlineData("ftp://tsa.example/", null, null, null, "which is no web address")]
    [InlineData("https://me:secret@tsa.example/", null, null, null, "which is no web address without a password")]
    [InlineData("https://tsa.example/", "a\nb", null, null, "Ledger:Timestamps:Name")]
    [InlineData("https://tsa.example/", null, "/nowhere/roots.pem", null, "Ledger:Timestamps:Certificates cannot be used. The certificates in /nowhere/roots.pem cannot be read")]
    [InlineData("https://tsa.example/", null, "/etc/hostname", null, "/etc/hostname has no certificate.")]
    [InlineData("https://tsa.example/", null, null, "daily", "Ledger:Timestamps:Every is 'daily', and has to be a time from 00:10:00 to 365.00:00:00")]
    [InlineData("https://tsa.example/", null, null, "00:00:01", "Ledger:Timestamps:Every")]
    public void What_makes_no_sense_is_refused_at_the_start_and_says_which_setting_it_is(string? url, string? name, string? certificates, string? every, string why) =>
        Assert.Contains(why, Assert.Throws<StartRefusedException>(() => TimestampSettings.Parse(url, name, certificates, every)).Message, StringComparison.Ordinal);
}
