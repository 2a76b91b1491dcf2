using System.Formats.Tar;
using System.IO.Compression;
using OsModa.Core.Configuration;
using OsModa.Core.Servers;
using Xunit;

namespace OsModa.Tests.Configuration;

/// <summary>What a machine is told to check.</summary>
public sealed class CheckOrderTests
{
    [Theory]
    [InlineData(true, "servers/web1", "servers/web1/settings.nix")]
    [InlineData(false, "", "")]
    public void The_document_of_the_form_is_that_of_the_server_whoever_has_the_flake(bool own, string place, string extra)
    {
        var source = new ServerSource { ServerId = ServerId.New(), OrganisationId = Guid.NewGuid(), Kind = SourceKind.Flake, OwnFlake = own, FlakeName = "web1", AdoptedAt = TimeProvider.System.GetUtcNow() };

        var order = CheckOrder.Text(source, "servers/web1", [OptionPath.Of("users", "motd")]);

        Assert.Equal($"order\t1\nsource\tflake\nplace\t{place}\nname\tweb1\nextra\t{extra}\nsettings\tservers/web1/settings.json\npath\t[\"users\",\"motd\"]\n", order);
    }

    [Fact]
    public void A_script_arrives_as_executable_as_it_is_in_the_repository()
    {
        var packed = CheckOrder.Pack(new Dictionary<string, byte[]>(StringComparer.Ordinal) { ["backup.sh"] = [1], ["flake.nix"] = [2] }, new HashSet<string>(StringComparer.Ordinal) { "backup.sh" });

        using var tar = new TarReader(new GZipStream(new MemoryStream(Convert.FromBase64String(packed!)), CompressionMode.Decompress));
        Assert.Equal(("backup.sh", true), Next());
        Assert.Equal(("flake.nix", false), Next());

        (string? Name, bool? Executable) Next() => tar.GetNextEntry() is { } entry ? (entry.Name, entry.Mode.HasFlag(UnixFileMode.UserExecute)) : (null, null);
    }
}
