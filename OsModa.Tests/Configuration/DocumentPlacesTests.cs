using OsModa.Core.Configuration;
using Xunit;

namespace OsModa.Tests.Configuration;

public sealed class DocumentPlacesTests
{
    private static readonly OptionPath Hosts = OptionPath.Of("services", "nginx", "virtualHosts");
    private static readonly OptionPath Site = Hosts.Below("a.example.org");

    [Fact]
    public void A_value_is_found_wherever_its_setting_begins()
    {
        var root = new NixText("/srv");
        SettingsDocument[] same =
        [
            SettingsDocument.Empty.With(new Setting(Site.Below("root"), root)),
            SettingsDocument.Empty.With(new Setting(Site, NixSet.Of([new("root", root)]))),
            SettingsDocument.Empty.With(new Setting(Hosts, NixSet.Of([new("a.example.org", NixSet.Of([new("root", root)]))]))),
        ];

        Assert.All(same, document =>
        {
            Assert.Equal(root, document.ValueAt(Site.Below("root")));
            Assert.Equal(NixSet.Of([new("root", root)]), document.ValueAt(Site));
            Assert.Null(document.ValueAt(Site.Below("forceSSL")));
            Assert.Null(document.ValueAt(Hosts.Below("b.example.org")));
        });
    }

    [Fact]
    public void A_change_further_in_leaves_what_is_around_it()
    {
        var whole = SettingsDocument.Empty.With(new Setting(Hosts, NixSet.Of([new("b.example.org", NixSet.Empty)]), Setting.Force));

        var changed = whole.Put(Site.Below("root"), new NixText("/srv"));

        Assert.Equal(Setting.Force, Assert.Single(changed.Settings.Values).Priority);
        Assert.Equal(NixSet.Empty, changed.ValueAt(Hosts.Below("b.example.org")));
        Assert.Equal(new NixText("/srv"), changed.ValueAt(Site.Below("root")));
        Assert.Equal(whole.ValueAt(Hosts.Below("b.example.org")), changed.Clear(Site).ValueAt(Hosts.Below("b.example.org")));
        Assert.Null(changed.Clear(Site).ValueAt(Site));
    }

    [Fact]
    public void Fields_of_a_member_that_was_only_named_become_settings_of_their_own_so_that_two_people_can_change_them()
    {
        var named = SettingsDocument.Empty.Put(Site, NixSet.Empty);
        var ann = named.Put(Site.Below("root"), new NixText("/srv"));
        var common = ann;

        var merge = SettingsMerge.Of(common, common.Put(Site.Below("forceSSL"), new NixBool(true)), common.Put(Site.Below("root"), new NixText("/www")));

        Assert.Equal(Site.Below("root"), Assert.Single(ann.Settings.Keys));
        Assert.Empty(merge.Contradictions);
        Assert.Equal(NixSet.Of([new("forceSSL", new NixBool(true)), new("root", new NixText("/www"))]), merge.Document.ValueAt(Site));
    }

    [Fact]
    public void Two_people_who_change_places_within_each_other_contradict_each_other_where_they_say_different_things()
    {
        var (one, other, tls) = (new NixText("/srv"), new NixText("/www"), new NixBool(true));
        var whole = SettingsDocument.Empty.With(new Setting(Site, NixSet.Of([new("root", one), new("forceSSL", tls)])));
        var field = SettingsDocument.Empty.With(new Setting(Site.Below("root"), other));

        var inner = SettingsMerge.Of(SettingsDocument.Empty, whole, field);
        var contradiction = Assert.Single(inner.Contradictions);
        Assert.Equal((Site.Below("root"), one, other), (contradiction.Path, contradiction.From!.Value, contradiction.To!.Value));
        Assert.Equal(whole, inner.Document);
        Assert.Equal(NixSet.Of([new("root", other), new("forceSSL", tls)]), Assert.Single(contradiction.Onto(inner.Document).Settings.Values).Value);

        var outer = SettingsMerge.Of(SettingsDocument.Empty, field, whole);
        Assert.Equal(Site, Assert.Single(outer.Contradictions).Path);
        Assert.Equal((field, whole), (outer.Document, outer.Contradictions[0].Onto(outer.Document)));
    }

    [Fact]
    public void Two_people_who_change_places_within_each_other_agree_where_they_say_the_same_or_different_parts()
    {
        var (root, tls) = (new NixText("/srv"), new NixBool(true));
        var whole = SettingsDocument.Empty.With(new Setting(Site, NixSet.Of([new("root", root)])));

        Assert.All([SettingsMerge.Of(SettingsDocument.Empty, whole, Field("root", root)), SettingsMerge.Of(SettingsDocument.Empty, Field("root", root), whole)], merge =>
        {
            Assert.Empty(merge.Contradictions);
            Assert.Equal(whole, merge.Document);
        });
        var both = SettingsMerge.Of(SettingsDocument.Empty, whole, Field("forceSSL", tls));
        Assert.Empty(both.Contradictions);
        Assert.Equal(NixSet.Of([new("root", root), new("forceSSL", tls)]), both.Document.ValueAt(Site));

        static SettingsDocument Field(string name, NixValue value) => SettingsDocument.Empty.With(new Setting(Site.Below(name), value));
    }

    [Fact]
    public void How_strongly_something_is_said_is_changed_where_it_stands()
    {
        var document = SettingsDocument.Empty.Put(Site.Below("root"), new NixText("/srv")).Put(Site.Below("forceSSL"), new NixBool(true));

        var forced = document.WithPriority(Site, Setting.Force);
        Assert.All(forced.Settings.Values, setting => Assert.Equal(Setting.Force, setting.Priority));
        Assert.Equal((Setting.Force, document.ValueAt(Site)), (forced.PriorityAt(Site), forced.ValueAt(Site)));

        var one = document.WithPriority(Site.Below("root"), Setting.Default);
        Assert.Equal((Setting.Default, Setting.Plain, null), (one.PriorityAt(Site.Below("root")), one.PriorityAt(Site.Below("forceSSL")), one.PriorityAt(Site)));
        Assert.Null(SettingsDocument.Empty.PriorityAt(Site));
    }

    [Fact]
    public void A_part_of_a_plain_setting_gets_a_priority_of_its_own_and_one_of_another_does_not()
    {
        var whole = SettingsDocument.Empty.With(new Setting(Site, NixSet.Of([new("root", new NixText("/srv")), new("forceSSL", new NixBool(true))])));

        var split = whole.WithPriority(Site.Below("root"), Setting.Force);

        Assert.Equal(whole.ValueAt(Site), split.ValueAt(Site));
        Assert.Equal((Setting.Force, Setting.Plain), (split.PriorityAt(Site.Below("root")), split.PriorityAt(Site.Below("forceSSL"))));
        var forced = whole.WithPriority(Site, Setting.Force);
        Assert.Equal(forced, forced.WithPriority(Site.Below("root"), Setting.Default));
    }

    [Fact]
    public void What_is_put_replaces_what_was_within()
    {
        var document = SettingsDocument.Empty.Put(Site.Below("root"), new NixText("/srv")).Put(Site.Below("forceSSL"), new NixBool(true));

        Assert.Equal(new NixExpression("{ }"), document.Put(Site, new NixExpression("{ }")).ValueAt(Site));
        Assert.Equal(SettingsDocument.Empty, document.Clear(Hosts));
    }

    [Fact]
    public void An_expression_around_a_place_stays_what_it_is()
    {
        var code = new NixExpression("lib.mkIf true { }");
        var whole = SettingsDocument.Empty.Put(Site, code);
        var member = SettingsDocument.Empty.With(new Setting(Hosts, NixSet.Of([new("a.example.org", code)])));

        Assert.All([whole, member], document =>
        {
            var changed = document.Put(Site.Below("root"), new NixText("/srv"));

            Assert.Equal(Site, document.ExpressionAround(Site.Below("root")));
            Assert.Null(document.ExpressionAround(Site));
            Assert.Equal(document, changed.Without(Site.Below("root")));
            Assert.Equal(new NixText("/srv"), changed.ValueAt(Site.Below("root")));
        });
        Assert.Null(member.ExpressionAround(Hosts.Below("b.example.org").Below("root")));
    }
}
