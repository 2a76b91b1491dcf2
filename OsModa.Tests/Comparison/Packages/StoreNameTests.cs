using OsModa.Core.Comparison.Packages;
using Xunit;

namespace OsModa.Tests.Comparison.Packages;

public sealed class StoreNameTests
{
    [Theory]
    [InlineData("nginx-1.24.0", "nginx", "1.24.0", "out")]
    [InlineData("glibc-2.42-67-bin", "glibc", "2.42-67", "bin")]
    [InlineData("curl-8.20.0-bin", "curl", "8.20.0", "bin")]
    [InlineData("editline-1.17.1-unstable-2025-05-24", "editline", "1.17.1-unstable-2025-05-24", "out")]
    [InlineData("editline-1.17.1-unstable-2025-05-24-dev", "editline", "1.17.1-unstable-2025-05-24", "dev")]
    [InlineData("foo-unstable-2023-01-01-man", "foo", "unstable-2023-01-01", "man")]
    [InlineData("foo-unstable-wrapped", "foo-unstable-wrapped", "", "out")]
    [InlineData("python3.12-pip-24.0", "python3.12-pip", "24.0", "out")]
    [InlineData("python3.12-pip-24.0-dist", "python3.12-pip", "24.0", "dist")]
    [InlineData("perl5.38.2-URI-5.21", "perl5.38.2-URI", "5.21", "out")]
    [InlineData("perl5.38.2-Crypt-3DES-0.21", "perl5.38.2-Crypt-3DES", "0.21", "out")]
    [InlineData("linux-6.12.34", "linux", "6.12.34", "out")]
    [InlineData("linux-6.12.34-modules", "linux", "6.12.34", "modules")]
    [InlineData("linux-6.12.34-modules-shrunk", "linux", "6.12.34", "modules-shrunk")]
    [InlineData("linux-rt-6.6.34-rt33", "linux-rt", "6.6.34-rt33", "out")]
    [InlineData("initrd-linux-6.12.34", "initrd-linux", "6.12.34", "out")]
    [InlineData("nixos-25.05.20250811.3385ca0", "nixos", "25.05.20250811.3385ca0", "out")]
    [InlineData("nixos-system-web1-25.05.20250811.3385ca0", "nixos-system-web1", "25.05.20250811.3385ca0", "out")]
    [InlineData("font-adobe-100dpi-1.0.4", "font-adobe-100dpi", "1.0.4", "out")]
    [InlineData("nerd-fonts-0xproto-3.4.0", "nerd-fonts-0xproto", "3.4.0", "out")]
    [InlineData("gcc-14.3.0-libgcc", "gcc", "14.3.0", "libgcc")]
    [InlineData("glibc-2.42-67-lib32", "glibc", "2.42-67", "lib32")]
    [InlineData("linux-firmware-20250708-zstd", "linux-firmware", "20250708-zstd", "out")]
    [InlineData("zfs-kernel-2.3.3-6.12.34", "zfs-kernel", "2.3.3-6.12.34", "out")]
    [InlineData("libreoffice-25.2.5.2-wrapped", "libreoffice", "25.2.5.2-wrapped", "out")]
    [InlineData("openjdk-8u412-b08", "openjdk", "8u412-b08", "out")]
    [InlineData("foo-2rc1", "foo", "2rc1", "out")]
    [InlineData("foo-3rc", "foo", "3rc", "out")]
    [InlineData("foo-12345ab", "foo", "12345ab", "out")]
    [InlineData("gtk+-2.24.33", "gtk+", "2.24.33", "out")]
    [InlineData("2048-cli-0.9.1", "2048-cli", "0.9.1", "out")]
    [InlineData("0ad", "0ad", "", "out")]
    [InlineData("source", "source", "", "out")]
    [InlineData("texlive-bin", "texlive-bin", "", "out")]
    [InlineData("foo-", "foo-", "", "out")]
    [InlineData("-1", "-1", "", "out")]
    [InlineData("-", "-", "", "out")]
    [InlineData("foo--1", "foo-", "1", "out")]
    [InlineData("foo-1-", "foo", "1-", "out")]
    [InlineData("foo-1-bin-man", "foo", "1-bin", "man")]
    [InlineData("foo-1.0-out", "foo", "1.0", "out")]
    public void A_name_is_read_as_people_read_it(string text, string name, string version, string output)
    {
        var split = StoreName.Split(text);

        Assert.Equal((name, version, output), (split.Name.ToString(), split.Version.ToString(), split.Output));
    }
}
