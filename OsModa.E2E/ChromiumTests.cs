using Xunit;

namespace OsModa.E2E;

public sealed class ChromiumTests
{
    [Fact]
    public void The_browser_is_installed() => Assert.True(File.Exists("/usr/bin/chromium"), "apt-get install chromium");
}
