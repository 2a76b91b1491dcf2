using OsModa.Core.Nix;
using Xunit;

namespace OsModa.Tests.Nix;

public sealed class StorePathTests
{
    [Fact]
    public void A_system_path_is_taken_apart_into_hash_and_name()
    {
        var path = StorePath.Parse("/nix/store/0123456789abcdfghijklmnpqrsvwxyz-nixos-system-web1-24.05");

        Assert.Equal("0123456789abcdfghijklmnpqrsvwxyz", path.Hash);
        Assert.Equal("0123456", path.ShortHash);
        Assert.Equal("nixos-system-web1-24.05", path.Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/nix/store/short-name")]
    [InlineData("/nix/store/0123456789abcdefghijklmnpqrsvwxy-name")]
    [InlineData("/nix/store/0123456789abcdfghijklmnpqrsvwxyz-")]
    [InlineData("/nix/store/0123456789abcdfghijklmnpqrsvwxyz-a;rm -rf /")]
    [InlineData("/nix/store/0123456789abcdfghijklmnpqrsvwxyz-a\n")]
    [InlineData("/nix/store/0123456789abcdfghijklmnpqrsvwxyz-a/../b")]
    [InlineData(" /nix/store/0123456789abcdfghijklmnpqrsvwxyz-a")]
    public void Anything_else_is_refused(string text) => Assert.False(StorePath.TryParse(text, out _));
}
