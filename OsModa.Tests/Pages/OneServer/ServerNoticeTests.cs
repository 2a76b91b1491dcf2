using Bunit;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Dashboard.Components;
using OsModa.Dashboard.Live;
using OsModa.Dashboard.Pages.OneServer;
using Xunit;

namespace OsModa.Tests.Pages.OneServer;

public sealed class ServerNoticeTests : PageRoom
{
    private Server _web1 = null!;
    private Server _gate = null!;

    private ServerState Never => new() { Server = _web1.Id };

    public static TheoryData<ConnectionFaultKind> Kinds => [.. Enum.GetValues<ConnectionFaultKind>()];

    [Fact]
    public void Nothing_is_said_of_a_server_that_is_well() => Assert.Empty(Open(Running(Never)).Markup.Trim());

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_fault_says_what_it_is_and_leads_somewhere(ConnectionFaultKind kind)
    {
        var fault = new ConnectionFault(kind, "What <i>happened</i>.");

        var notice = Open(Running(Never) with { Reach = Reach.Lost, Fault = fault });

        Assert.Contains("web1", notice.Find(".notice strong").TextContent, StringComparison.Ordinal);
        Assert.NotEmpty(notice.FindAll(".notice a"));
        Assert.Empty(notice.FindAll("i:not([class])"));
        Assert.Equal(kind is not (ConnectionFaultKind.HostKeyChanged or ConnectionFaultKind.HostKeyUnknown), notice.FindAll("button").Count == 1);
        Assert.Equal(fault.Passes, FaultWords.Short(fault).EndsWith(", trying again", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(ConnectionFaultKind.HostKeyChanged, "The host key of gate is not", "host-key")]
    [InlineData(ConnectionFaultKind.HostKeyUnknown, "No host key of gate has", "join")]
    public void Trouble_with_the_key_of_a_jump_host_leads_to_the_jump_host(ConnectionFaultKind kind, string begins, string page)
    {
        var notice = Open(Running(Never) with { Reach = Reach.Stopped, Fault = new ConnectionFault(kind, "The jump host.") { KeyOf = _gate.Id } });

        notice.WaitForAssertion(() => Assert.StartsWith(begins, notice.Find(".notice strong").TextContent, StringComparison.Ordinal));
        Assert.Contains("web1 is reached through it.", notice.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.Equal($"/servers/{_gate.Id}/{page}", notice.Find(".notice a").GetAttribute("href"));
    }

    [Fact]
    public void A_key_of_a_server_that_is_not_in_the_list_is_told_in_the_words_of_the_fault()
    {
        var notice = Open(Running(Never) with { Reach = Reach.Stopped, Fault = new ConnectionFault(ConnectionFaultKind.HostKeyChanged, "The jump host shows another key.") { KeyOf = ServerId.New() } });

        Assert.Contains("The jump host shows another key.", notice.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.Equal($"/servers/{_web1.Id}/settings", notice.Find(".notice a").GetAttribute("href"));
    }

    [Fact]
    public void No_two_faults_have_the_same_few_words()
    {
        var words = Enum.GetValues<ConnectionFaultKind>().Select(kind => FaultWords.Short(new ConnectionFault(kind, ""))).ToList();

        Assert.Equal(words.Count, words.Distinct().Count());
    }

    [Theory]
    [InlineData("not-nixos", "This is not NixOS but debian", "This is not NixOS but debian. Its units and logs are shown")]
    [InlineData("no-nix", "There is no nix-env in the path", "Nix is missing in the path of its login.")]
    [InlineData("no-bus", "No unit signals: not root", "Its units are asked for every two seconds. No unit signals: not root.")]
    [InlineData("no-journal", "Its login is not in the group systemd-journal", "Its journal cannot be read. Its login is not in the group systemd-journal. Logs")]
    [InlineData("something-new", "<script>", "It cannot tell everything of itself. <script>.")]
    public void What_a_server_cannot_tell_of_itself_is_said_with_what_it_means(string code, string text, string says)
    {
        var trouble = new ObservationTrouble(code, text);

        var notice = Open(Running(Never) with { Troubles = [trouble, trouble] });

        Assert.Contains(says, Assert.Single(notice.FindAll(".notice")).TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_may_only_look_is_told_and_can_have_it_looked_at_again()
    {
        var notice = Open(Running(Never) with { Host = new HostFacts { MayAct = false } });

        Assert.Contains("We may only look at web1.", notice.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.Equal("Look again", notice.Find(".notice button").TextContent);
    }

    protected override async Task ArrangeAsync() => (_web1, _gate) = (await AddServerAsync("web1"), await AddServerAsync("gate"));

    private IRenderedComponent<ServerNotice> Open(ServerState state) => Render<ServerNotice>(parameters => parameters.Add(n => n.Server, ServerCard.Of(_web1)).Add(n => n.State, state));
}
