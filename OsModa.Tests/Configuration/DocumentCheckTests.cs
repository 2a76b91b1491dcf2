using OsModa.Core.Configuration;
using Xunit;

namespace OsModa.Tests.Configuration;

public sealed class DocumentCheckTests : IDisposable
{
    private readonly SomeSchema _some = new();

    public void Dispose() => _some.Dispose();

    [Theory]
    [InlineData("services.web.workers = 99;", "services.web.workers", "between 1 and 64")]
    [InlineData("services.web.absent = 1;", "services.web.absent", "has no option")]
    [InlineData("services.web.computed = 1;", "services.web.computed", "works this out by itself")]
    [InlineData("services.nginx.virtualHosts.x.root = \"here\";", "services.nginx.virtualHosts.x.root", "begins with a slash")]
    [InlineData("services.nginx.virtualHosts.x.wrong = 1;", "services.nginx.virtualHosts.x.wrong", "no option 'wrong'")]
    [InlineData("services.web.hosts = [ 1 ];", "services.web.hosts.0", "Enter a text")]
    public void A_fault_is_told_at_its_place(string nix, string place, string sentence)
    {
        var fault = Assert.Single(new DocumentCheck(_some.Schema.Index).Faults(Document(nix)));

        Assert.Equal(place, string.Join('.', fault.At));
        Assert.Contains(sentence, fault.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("imports")]
    [InlineData("config")]
    [InlineData("_module")]
    public void A_part_of_a_name_that_the_module_system_would_read_a_meaning_into_is_refused_like_a_member(string word)
    {
        var document = SettingsDocument.Empty.With(new Setting(SomeSchema.Path($"services.web.settings.{word}"), new NixText("/etc/passwd")));

        Assert.Contains("part of a module", Assert.Single(new DocumentCheck(_some.Schema.Index).Faults(document)).Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("services.web.extraConfig.log.level", "services.web.extraConfig")]
    [InlineData("services.web.any.a", "services.web.any")]
    [InlineData("services.web.tree.log.level", "services.web.tree")]
    [InlineData("services.web.tree.port", "services.web.tree.port")]
    [InlineData("services.web.settings.free", "services.web.settings.free")]
    [InlineData("services.nginx.virtualHosts.x.ssh", "services.nginx.virtualHosts.x.ssh")]
    [InlineData("systemd.services.x.unitConfig.After", "systemd.services.x.unitConfig.After")]
    [InlineData("systemd.services.x.unitConfig.After.more", "systemd.services.x.unitConfig.After")]
    public void A_setting_begins_no_further_in_than_members_are_brought_together(string place, string begin) =>
        Assert.Equal(begin, new DocumentCheck(_some.Schema.Index).BeginOf(SomeSchema.Path(place)).Text);

    [Fact]
    public void A_setting_within_a_value_that_is_taken_as_a_whole_is_refused()
    {
        var fault = Assert.Single(new DocumentCheck(_some.Schema.Index).Faults(Document("services.web.extraConfig.log.level = 3;")));

        Assert.Equal("services.web.extraConfig.log.level", string.Join('.', fault.At));
        Assert.Contains("Set services.web.extraConfig.", fault.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Places_within_a_value_that_is_taken_as_a_whole_are_put_into_one_setting()
    {
        var (check, tree, port) = (new DocumentCheck(_some.Schema.Index), SomeSchema.Path("services.web.tree"), new NixInteger(81));
        var (level, file) = (SomeSchema.Path("services.web.tree.log.level"), SomeSchema.Path("services.web.tree.log.file"));

        var document = SettingsDocument.Empty.Put(tree, NixSet.Empty).Put(level, new NixInteger(3), check.BeginOf(level)).Put(file, new NixText("/x"), check.BeginOf(file)).With(new Setting(tree.Below("port"), port));

        Assert.Equal([tree, tree.Below("port")], document.Settings.Keys);
        Assert.Equal(NixSet.Of([new("log", NixSet.Of([new("level", new NixInteger(3)), new("file", new NixText("/x"))])), new("port", port)]), document.ValueAt(tree));
        Assert.Empty(check.Faults(document));
    }

    [Fact]
    public void More_than_could_be_read_again_is_told()
    {
        var many = SettingsDocument.Of(Enumerable.Range(0, SettingsDocument.MostSettings + 1).Select(i => new Setting(OptionPath.Of("services", "web", "settings", $"n{i}"), new NixBool(true))));
        var large = SettingsDocument.Empty.With(new Setting(OptionPath.Of("services", "web", "any"), new NixList([.. Enumerable.Repeat(new NixText(new string('"', 1024 * 1024)), 4)])));
        var whole = SettingsDocument.Empty.With(new Setting(OptionPath.Of("services", "web", "any"), new NixList([.. Enumerable.Repeat(new NixText(new string('a', 1024 * 1024)), 7)])));
        var check = new DocumentCheck(_some.Schema.Index);

        Assert.Contains("5,000 are the most", check.Faults(many).Single(fault => fault.At.IsEmpty).Sentence, StringComparison.Ordinal);
        Assert.Contains("8 MiB", check.Faults(large).Single(fault => fault.At.IsEmpty).Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain(check.Faults(whole), fault => fault.At.IsEmpty);
    }

    [Fact]
    public void What_fits_passes_and_is_judged_again_when_it_changes()
    {
        var check = new DocumentCheck(_some.Schema.Index);

        Assert.Empty(check.Faults(Document("services.web = { enable = true; workers = 8; settings.port = 81; settings.free = \"x\"; };")));
        Assert.NotEmpty(check.Faults(Document("services.web = { enable = true; workers = 8; settings.port = 81000; };")));
        Assert.Empty(check.Faults(Document("services.web.hook = 1;").Put(SomeSchema.Path("services.web.hook"), new NixExpression("x: 1"))));
    }

    private SettingsDocument Document(string nix) => SettingsDocument.Of(NixReader.Settings(nix, path => path.Parts.Length > 2));
}
