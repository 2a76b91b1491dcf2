using OsModa.Core.Configuration;
using OsModa.Dashboard.Pages.Configuration.Editing;
using OsModa.Tests.Configuration;
using Xunit;

namespace OsModa.Tests.Pages.Configuration;

public sealed class FormSessionTests : IDisposable
{
    private static readonly OptionPath Workers = SomeSchema.Path("services.web.workers"), Enable = SomeSchema.Path("services.web.enable");
    private readonly SomeSchema _some = new();

    public void Dispose() => _some.Dispose();

    [Fact]
    public void What_is_pasted_below_a_value_that_is_taken_as_a_whole_becomes_one_setting()
    {
        var (session, extra) = (Open(), SomeSchema.Path("services.web.extraConfig"));

        var pasted = session.With(NixReader.Settings("services.web.extraConfig.log.level = 3; services.web.extraConfig.log.file = \"/x\";", path => session.OptionOf(path) is not null));

        Assert.Equal(extra, Assert.Single(pasted.Settings.Keys));
        Assert.Equal(NixSet.Of([new("level", new NixInteger(3)), new("file", new NixText("/x"))]), pasted.ValueAt(extra.Below("log")));
        Assert.Contains("cannot have a priority of its own", Assert.Throws<FormatException>(() => session.With([new Setting(extra.Below("log"), NixNull.Value, Setting.Force)])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_change_can_be_taken_back_and_made_again()
    {
        var session = Open();
        var place = new DocumentPlace(session, Workers, null);
        place.Set(new NixInteger(1));
        place.Set(new NixInteger(12));
        new DocumentPlace(session, Enable, null).Set(new NixBool(true));

        session.Undo();
        Assert.Equal(new NixInteger(12), place.Value);
        session.Undo();
        Assert.Null(place.Value);
        Assert.False(session.CanUndo);
        session.Redo();
        session.Redo();

        Assert.Equal(2, session.Changes.Length);
        Assert.False(session.CanRedo);
        session.Discard();
        Assert.Empty(session.Changes);
        session.Undo();
        Assert.Equal(2, session.Changes.Length);
    }

    [Fact]
    public void What_somebody_saved_meanwhile_is_brought_together_field_by_field()
    {
        var session = Open();
        session.Apply(Document(8, true));

        session.Rebase(new SettingsAt(null, Document(16, null)));

        var contradiction = Assert.Single(session.Contradictions);
        Assert.Equal((Workers, new NixInteger(16), new NixInteger(8)), (contradiction.Path, contradiction.From!.Value, contradiction.To!.Value));
        Assert.Equal(new NixBool(true), session.Document.ValueAt(Enable));
        Assert.Equal(Enable, Assert.Single(session.Changes).Path);

        session.Insist(contradiction);
        Assert.Equal(new NixInteger(8), session.Document.ValueAt(Workers));
        Assert.Empty(session.Contradictions);
    }

    [Fact]
    public void What_is_kept_while_nobody_has_decided_brings_the_contradiction_up_again()
    {
        var session = Open();
        session.Apply(Document(8, true));
        var now = new SettingsAt(null, Document(16, null));
        session.Rebase(now);
        session.Rebase(now = new SettingsAt(null, Document(32, null)));

        var (basis, document) = session.Kept;
        var reopened = new FormSession(_some.Schema, basis, document);
        reopened.Rebase(now);
        var contradiction = Assert.Single(reopened.Contradictions);
        Assert.Equal((new NixInteger(32), new NixInteger(8)), (contradiction.From!.Value, contradiction.To!.Value));
        Assert.Equal(new NixBool(true), reopened.Document.ValueAt(Enable));

        reopened.GiveWay(contradiction);
        Assert.Equal((now, reopened.Document), reopened.Kept);
    }

    [Fact]
    public void What_is_kept_of_a_contradiction_within_something_that_somebody_set_as_a_whole_brings_it_up_again()
    {
        var site = SomeSchema.Path("services.nginx.virtualHosts.x");
        var now = new SettingsAt(null, SettingsDocument.Empty.With(new Setting(site, NixSet.Of([new("root", new NixText("/srv"))]))));
        var session = Open();
        session.Apply(SettingsDocument.Empty.With(new Setting(site.Below("root"), new NixText("/www"))));
        session.Rebase(now);
        Assert.Single(session.Contradictions);

        var (basis, document) = session.Kept;
        var reopened = new FormSession(_some.Schema, basis, document);
        reopened.Rebase(now);

        reopened.Insist(Assert.Single(reopened.Contradictions));
        Assert.Equal(new NixText("/www"), Assert.IsType<NixSet>(Assert.Single(reopened.Document.Settings.Values).Value).Members["root"]);
    }

    [Fact]
    public void What_is_brought_asks_where_the_form_says_something_else()
    {
        var session = Open();
        session.Apply(Document(8, null));

        session.Bring(SettingsMerge.Of(SettingsDocument.Empty, session.Document, Document(16, true)));

        var contradiction = Assert.Single(session.Contradictions);
        Assert.True(session.IsBrought(contradiction));
        Assert.Equal(Document(8, true), session.Document);
        // A draft that is kept meanwhile has what the form shows.
        Assert.Equal((session.Basis, session.Document), session.Kept);
        session.Insist(contradiction);
        Assert.Equal(Document(16, true), session.Document);
        Assert.Empty(session.Contradictions);
    }

    [Fact]
    public void A_field_within_something_written_as_Nix_is_locked()
    {
        var session = Open();
        session.Apply(SettingsDocument.Empty.Put(SomeSchema.Path("services.web.settings"), new NixExpression("{ port = 81; }")));

        var rule = session.RuleOf(SomeSchema.Path("services.web.settings.port"));

        Assert.Equal(WriteAccess.Locked, rule.Access);
        Assert.StartsWith("services.web.settings is written as Nix", rule.Why, StringComparison.Ordinal);
        Assert.Equal(WriteAccess.Writable, session.RuleOf(SomeSchema.Path("services.web.settings")).Access);
    }

    [Fact]
    public void A_commit_that_leaves_this_server_alone_leaves_the_way_back_alone()
    {
        var session = Open();
        session.Apply(Document(8, null));

        session.Rebase(new SettingsAt(null, SettingsDocument.Empty));

        Assert.True(session.CanUndo);
        Assert.Empty(session.Contradictions);
    }

    [Fact]
    public void A_field_is_blamed_on_the_newest_commit_within_it()
    {
        Assert.True(CommitId.TryParse(new string('a', 40), out var id));
        Commit At(int minute, string title) => new(id, "Ann", "", DateTimeOffset.UnixEpoch.AddMinutes(minute), title, "");
        var session = Open();
        session.Blame = session.Blame.Add(OptionPath.Of("users", "users", "ann", "shell"), At(1, "old")).Add(OptionPath.Of("users", "users", "ben"), At(2, "new")).Add(OptionPath.Of("users", "motd"), At(3, "other"));

        Assert.Equal("new", session.LastChangeOf(OptionPath.Of("users", "users"))?.Title);
        Assert.Equal("old", session.LastChangeOf(OptionPath.Of("users", "users", "ann"))?.Title);
        Assert.Null(session.LastChangeOf(OptionPath.Of("users", "mutableUsers")));
    }

    private FormSession Open() => new(_some.Schema, new SettingsAt(null, SettingsDocument.Empty), SettingsDocument.Empty);

    private static SettingsDocument Document(int workers, bool? enable)
    {
        var document = SettingsDocument.Empty.With(new Setting(Workers, new NixInteger(workers)));
        return enable is { } on ? document.With(new Setting(Enable, new NixBool(on))) : document;
    }
}
