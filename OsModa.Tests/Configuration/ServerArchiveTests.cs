using System.Formats.Tar;
using System.IO.Compression;
using OsModa.Core;
using OsModa.Core.Configuration;
using OsModa.Core.Nix;
using Xunit;

namespace OsModa.Tests.Configuration;

public sealed class ServerArchiveTests
{
    private const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite, ForAll = Mine | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    [Theory]
    [InlineData("configuration.nix", "{ }", Mine, true)]
    [InlineData("flake.lock", "{ }", Mine, true)]
    [InlineData("motd", "Hello", ForAll, true)]
    [InlineData("secrets.yaml", "DB_PASSWORD=ENC[AES256_GCM,data:abc]", ForAll, true)]
    [InlineData("start.sh", "export DB_PASSWORD=$(cat /run/secrets/db)", ForAll, true)]
    [InlineData("secrets/db-password", "correct horse", Mine, false)]
    [InlineData("service.env", "DB_PASSWORD=correct-horse", ForAll, false)]
    [InlineData("git.conf", "url = https://ann:correct-horse@git.example.org", ForAll, false)]
    public void A_secret_is_left_out_and_named(string path, string text, UnixFileMode mode, bool taken)
    {
        var read = Read(tar => tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"./{path}") { DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), Mode = mode }));

        Assert.True(read.Done);
        Assert.Equal(taken, read.Value.Files.ContainsKey(path));
        Assert.Equal(taken ? [] : [path], read.Value.Left.Select(left => left.Path));
    }

    [Theory]
    [InlineData("configuration.nix", "{\n  users.users.ann.hashedPassword = \"$y$j9T$F5Jx5fExrKuPp53xLKQ\";\n}", "line 2")]
    [InlineData("app.conf", "port = 80\npassword = \"correct horse\"", "line 2")]
    [InlineData("configuration.nix", "{ users.users.ann.hashedPasswordFile = \"/run/secrets/ann\"; }", null)]
    [InlineData("secrets.json", "{ \"password\": \"ENC[AES256_GCM,data:abc]\" }", null)]
    public void What_is_taken_with_what_looks_like_a_secret_is_named_with_its_lines(string path, string text, string? where)
    {
        var read = Read(tar => tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"./{path}") { DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), Mode = ForAll }));

        Assert.True(read.Value!.Files.ContainsKey(path));
        Assert.Equal(where is null ? [] : [(path, where)], read.Value.Exposed.Select(exposed => (exposed.Path, exposed.Where)));
    }

    [Fact]
    public void More_links_than_files_may_be_there_are_refused()
    {
        var read = Read(tar =>
        {
            for (var i = 0; i < 100_000; i++)
            {
                tar.WriteEntry(new UstarTarEntry(TarEntryType.SymbolicLink, "./a") { LinkName = "b" });
            }
        });

        Assert.Contains("more than are read in", read.Errors[""], StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_are_longer_than_everything_else_together_are_refused()
    {
        var read = Read(tar => tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "./a", [new("comment", new string('a', 64 * 1024 * 1024))])));

        Assert.Contains("more than is read in", read.Errors[""], StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_archive_is_called_damaged()
    {
        var read = Read(tar => tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "./a") { DataStream = new MemoryStream(new byte[4096]) }), cut: 700);

        Assert.Contains("damaged", read.Errors[""], StringComparison.Ordinal);
    }

    private static Result<ServerFiles> Read(Action<TarWriter> write, int? cut = null)
    {
        using var plain = new MemoryStream();
        using (var tar = new TarWriter(plain, leaveOpen: true))
        {
            write(tar);
        }

        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            zip.Write(plain.GetBuffer().AsSpan(0, cut ?? (int)plain.Length));
        }

        var lines = new AdoptionLines();
        Assert.True(lines.Take([.. "="u8, .. System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(bytes.ToArray()))], 8 * 1024 * 1024));
        Assert.True(StorePath.TryParse("/nix/store/00000000000000000000000000000000-nixos-system-web1-25.05", out var system));
        return ServerArchive.Unpack(SourceKind.Channel, "web1", system, lines);
    }
}
