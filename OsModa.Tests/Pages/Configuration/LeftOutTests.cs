using Bunit;
using OsModa.Core.Configuration;
using OsModa.Core.Servers;
using OsModa.Dashboard.Live;
using OsModa.Dashboard.Pages.Configuration;
using Xunit;

namespace OsModa.Tests.Pages.Configuration;

public sealed class LeftOutTests : BunitContext
{
    private static readonly ServerCard Web1 = new(ServerId.New(), Guid.NewGuid(), "web1", "web1.example.org", [], DateTimeOffset.UnixEpoch);
    private static readonly CommitId Commit = CommitId.TryParse(new string('a', 40), out var id) ? id : default;

    [Fact]
    public void What_was_left_out_is_counted_and_stands_folded_with_its_reasons()
    {
        var note = Show(new Adoption(Commit, ["configuration.nix"], [new FileLeft("keys/id_ed25519", "It holds a private key."), new FileLeft("<i>big</i>.img", "It is too large.")], Guid.NewGuid(), null));

        Assert.Contains("2 paths in /etc/nixos of web1 were left out.", note.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.False(note.Find("details.left-out").HasAttribute("open"));
        Assert.Equal(["keys/id_ed25519 It holds a private key.", "<i>big</i>.img It is too large."], note.FindAll("details li").Select(line => line.TextContent));
    }

    [Fact]
    public void What_looks_like_a_secret_is_counted_and_named_with_its_lines()
    {
        var note = Show(new Adoption(Commit, ["configuration.nix"], [], Guid.NewGuid(), null) { Exposed = [new FileExposed("configuration.nix", [2, 14])] });

        Assert.Contains("1 file of web1 holds what looks like a secret.", note.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.Equal("configuration.nix lines 2, 14", note.Find("details.exposed li").TextContent);
    }

    [Fact]
    public void Nothing_is_said_where_all_was_read_in() => Assert.Empty(Show(new Adoption(Commit, ["configuration.nix"], [], Guid.NewGuid(), null)).Markup.Trim());

    [Fact]
    public void Checks_that_did_not_begin_are_told() =>
        Assert.Contains("It was read in, but the checks did not begin. The server does not answer.", Show(new Adoption(Commit, [], [], null, "The server does not answer.")).Find(".notice").TextContent, StringComparison.Ordinal);

    private IRenderedComponent<LeftOut> Show(Adoption read) => Render<LeftOut>(parameters => parameters.Add(note => note.Server, Web1).Add(note => note.Read, read));
}
