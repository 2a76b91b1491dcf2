using Microsoft.EntityFrameworkCore;
using OsModa.Core;
using OsModa.Core.Accounts;
using OsModa.Core.Configuration;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Storage;
using OsModa.Tests.Operations;
using Xunit;

namespace OsModa.Tests.Configuration;

/// <summary>A change on its way into the history: proposed, talked about, approved by a second person, merged as one commit, taken back.</summary>
public sealed class ProposalTests : IAsyncDisposable
{
    private readonly OperationRoom _room;
    private readonly ConfigurationRepositories _repositories;
    private readonly Caller _bob;

    public ProposalTests()
    {
        _room = OperationRoom.OpenAsync().GetAwaiter().GetResult();
        _repositories = new ConfigurationRepositories(new StorageSettings { Folder = Directory.CreateTempSubdirectory("osmoda-proposals-").FullName });
        _bob = new Caller(Guid.NewGuid(), "Bob", _room.Server.OrganisationId, Role.Operator);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _room.DisposeAsync();

    [Fact]
    public async Task A_proposal_is_in_the_history_once_it_is_merged_and_not_before()
    {
        var basis = await BeginAsync();
        var proposal = await ProposeAsync(basis, ("users.motd", "Hello"));
        var settings = await SettingsAsync();
        Assert.Equal(basis.Document, (await settings.ReadAsync()).Document);

        var merged = Value(await Merge.RunAsync(_bob, proposal.Id, Stop));

        var newest = (await settings.HistoryAsync(1))[0];
        Assert.Equal((merged.Commit, "Ann", "A change"), (newest.Id, newest.Author, newest.Title));
        Assert.Equal($"Because.\n\nMerged-by: Bob\nProposal: {proposal.Id:D}", newest.Reason);
        Assert.Equal([_room.Server.Id], merged.Servers);
        Assert.Equal(new NixText("Hello"), (await settings.ReadAsync()).Document[Path("users.motd")]?.Value);
        Assert.Equal(ProposalState.Merged, (await List.FindAsync(_bob, proposal.Id))?.Proposal.State);
        // Clicked twice, it is one commit.
        Assert.Equal(merged.Commit, Value(await Merge.RunAsync(_bob, proposal.Id, Stop)).Commit);
        Assert.Equal(2, (await settings.HistoryAsync(10)).Length);
    }

    [Fact]
    public async Task What_others_merged_meanwhile_stays_and_a_place_that_both_changed_stops_it()
    {
        var basis = await BeginAsync();
        var mine = await ProposeAsync(basis, ("users.motd", "Hello"), ("services.a.x", "1"));
        var theirs = await ProposeAsync(basis, ("services.b.y", "2"));
        var contrary = await ProposeAsync(basis, ("users.motd", "Good bye"));

        Value(await Merge.RunAsync(_bob, theirs.Id, Stop));
        Value(await Merge.RunAsync(_bob, mine.Id, Stop));
        var refused = await Merge.RunAsync(_bob, contrary.Id, Stop);

        Assert.Equal("Somebody else changed users.motd of web1 meanwhile. Decide between the two in the form.", refused.Errors["users.motd"]);
        Assert.Equal(["services.a.x", "services.b.y", "users.motd"], (await (await SettingsAsync()).ReadAsync()).Document.Settings.Keys.Select(path => path.Text));
    }

    [Fact]
    public async Task A_secret_as_it_is_becomes_no_proposal()
    {
        var basis = await BeginAsync();

        var plain = await Propose.RunAsync(_room.Ann, Form(basis, ("users.users.ann.initialPassword", "hunter22")), Stop);
        var typed = basis.Document.With(new Setting(Path("services.bot"), new NixExpression("{ password = \"hunter22\"; } // { }")));
        var code = await Propose.RunAsync(_room.Ann, Form(basis) with { Changes = [new ProposedSettings(_room.Server.Id, basis, typed)] }, Stop);

        Assert.Contains("Keep it as a secret", plain.Errors["users.users.ann.initialPassword"], StringComparison.Ordinal);
        Assert.Contains("There is a secret in this expression.", code.Errors["services.bot"], StringComparison.Ordinal);
        Assert.Empty(await List.ListAsync(_bob, Stop));
    }

    [Fact]
    public async Task Where_an_approval_is_asked_for_nobody_merges_without_one_of_a_second_person()
    {
        var basis = await BeginAsync();
        var proposal = await ProposeAsync(basis, needsApproval: true, settings: ("users.motd", "Hello"));

        Assert.Equal("It waits for the approval of a second person.", (await Merge.RunAsync(_bob, proposal.Id, Stop)).Errors[""]);
        Assert.Equal("Another person than its author has to approve it.", await Approve.RunAsync(_room.Ann, proposal.Id, 1, Stop));
        Assert.Null(await Approve.RunAsync(_bob, proposal.Id, 1, Stop));

        // A new version is another change: the approval was not of it.
        await ProposeAsync(basis, needsApproval: true, id: proposal.Id, settings: ("users.motd", "Hello, world"));
        Assert.Equal("Ann has changed it meanwhile. Look at the new version.", await Approve.RunAsync(_bob, proposal.Id, 1, Stop));
        Assert.False((await Merge.RunAsync(_bob, proposal.Id, Stop)).Done);
        var said = Assert.Single((await List.FindAsync(_bob, proposal.Id))!.Comments);
        Assert.Equal((2, "This is version 2. The approval of Bob was of version 1 and is withdrawn."), (said.Version, said.Text));
        Assert.Null(await Approve.RunAsync(_bob, proposal.Id, 2, Stop));
        Value(await Merge.RunAsync(_room.Ann, proposal.Id, Stop));
        Assert.Contains("Approved-by: Bob", (await (await SettingsAsync()).HistoryAsync(1))[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proposal_is_shown_with_its_places_and_what_was_said()
    {
        var proposal = await ProposeAsync(await BeginAsync(), ("users.motd", "Hello"));
        Value(await Comment.RunAsync(_bob, proposal.Id, "Why so friendly?", Stop));

        var view = (await List.FindAsync(_bob, proposal.Id))!;
        Assert.Equal(("Bob", "Why so friendly?", 1), (view.Comments[0].AuthorName, view.Comments[0].Text, view.Comments[0].Version));
        var server = Assert.Single(view.Servers);
        Assert.Equal(("web1", _room.Server.Id, "users.motd", null), (server.Name, server.Server, server.Changes[0].Path.Text, server.Changes[0].From));
        Assert.Empty(view.Files);
    }

    [Fact]
    public async Task A_change_is_taken_back_as_far_as_nobody_changed_the_same_since()
    {
        var basis = await BeginAsync();
        var first = Value(await Merge.RunAsync(_bob, (await ProposeAsync(basis, ("users.motd", "Hello"))).Id, Stop));
        Value(await Merge.RunAsync(_bob, (await ProposeAsync(await (await SettingsAsync()).ReadAsync(), ("services.a.x", "1"))).Id, Stop));

        var preview = Value(await Revert.PreviewAsync(_bob, first.Commit, Stop));
        var change = Assert.Single(Assert.Single(preview.Servers).Changes);
        Assert.Equal(("users.motd", new NixText("Hello"), null), (change.Path.Text, (NixText?)change.From?.Value, change.To));
        var back = Value(await Revert.RunAsync(_bob, Back(first.Commit), Stop));
        Assert.Equal(2, (await (await SettingsAsync()).ReadAsync()).Document.Settings.Count);
        Value(await Merge.RunAsync(_bob, back.Id, Stop));

        Assert.Equal(["services.a.x"], (await (await SettingsAsync()).ReadAsync()).Document.Settings.Keys.Select(path => path.Text));
        Assert.Equal("Taken back: A change", (await (await SettingsAsync()).HistoryAsync(1))[0].Title);
        Assert.Equal($"Too friendly.\n\nTakes back {first.Commit}.\n\nProposal: {back.Id:D}", (await (await SettingsAsync()).HistoryAsync(1))[0].Reason);
        Assert.Equal("Nothing of this change is left to take back.", (await Revert.RunAsync(_bob, Back(first.Commit), Stop)).Errors[""]);
        Assert.Equal("Nothing of this change is left to take back.", (await Revert.PreviewAsync(_bob, first.Commit, Stop)).Errors[""]);
    }

    [Fact]
    public async Task Taking_back_waits_for_a_second_person_as_any_other_change()
    {
        var first = Value(await Merge.RunAsync(_bob, (await ProposeAsync(await BeginAsync(), ("users.motd", "Hello"))).Id, Stop));

        var back = Value(await Revert.RunAsync(_bob, Back(first.Commit) with { NeedsApproval = true }, Stop));

        Assert.Equal("It waits for the approval of a second person.", (await Merge.RunAsync(_bob, back.Id, Stop)).Errors[""]);
        Assert.NotNull(await Approve.RunAsync(_bob, back.Id, 1, Stop));
        Assert.Null(await Approve.RunAsync(_room.Ann, back.Id, 1, Stop));
        Value(await Merge.RunAsync(_bob, back.Id, Stop));
        Assert.Empty((await (await SettingsAsync()).ReadAsync()).Document.Settings);
        Assert.False((await Revert.RunAsync(_bob with { Role = Role.Viewer }, Back(first.Commit), Stop)).Done);
    }

    [Fact]
    public async Task A_commit_is_read_with_the_fields_and_the_files_that_it_changed()
    {
        var basis = await BeginAsync();
        var first = Value(await Merge.RunAsync(_bob, (await ProposeAsync(basis, ("users.motd", "Hello"))).Id, Stop));
        var repository = await _repositories.OfAsync(_room.Server.OrganisationId);
        var hand = await repository.CommitAsync(first.Commit, new Dictionary<string, byte[]?>(StringComparer.Ordinal) { ["servers/web1/hand.nix"] = [.. "{ }\n"u8], ["servers/web1/settings.json"] = [.. "no document"u8] }, new CommitWords("Ann", "", _room.Clock.GetUtcNow(), "By hand", ""));

        var view = (await Commits.RunAsync(_bob, first.Commit, Stop))!;
        Assert.Equal(("A change", basis.Commit), (view.Commit.Title, view.Parent));
        Assert.Equal("users.motd", Assert.Single(Assert.Single(view.Changed.Servers).Changes).Path.Text);
        Assert.Empty(view.Changed.Files);
        // Before the first commit there was nothing.
        Assert.Null((await Commits.RunAsync(_bob, basis.Commit!.Value, Stop))!.Parent);
        Assert.Contains("flake.nix", (await Commits.RunAsync(_bob, basis.Commit!.Value, Stop))!.Changed.Files.Select(file => file.Path));
        // What somebody made of the document by hand is shown as what it is.
        var files = (await Commits.RunAsync(_bob, hand!.Value, Stop))!.Changed.Files;
        Assert.Equal([("servers/web1/hand.nix", null, "{ }\n"), ("servers/web1/settings.json", files[1].From, "no document")], files.Select(file => (file.Path, file.From, file.To)));
        Assert.Null(await Commits.RunAsync(new Caller(Guid.NewGuid(), "Eve", Guid.NewGuid(), Role.Owner), first.Commit, Stop));
    }

    [Fact]
    public async Task A_new_version_keeps_the_files_of_an_earlier_one()
    {
        var basis = await BeginAsync();
        var repository = await _repositories.OfAsync(_room.Server.OrganisationId);
        var hand = await repository.CommitAsync(basis.Commit, new Dictionary<string, byte[]?>(StringComparer.Ordinal) { ["servers/web1/hand.nix"] = [.. "{ }\n"u8] }, new CommitWords("Ann", "", _room.Clock.GetUtcNow(), "By hand", ""));
        var back = Value(await Revert.RunAsync(_room.Ann, Back(hand!.Value), Stop));

        await ProposeAsync(await (await SettingsAsync()).ReadAsync(), needsApproval: false, id: back.Id, settings: ("users.motd", "Hello"));

        var view = (await List.FindAsync(_bob, back.Id))!;
        Assert.Equal(("servers/web1/hand.nix", null), (Assert.Single(view.Files).Path, view.Files[0].To));
        Assert.Equal("users.motd", Assert.Single(Assert.Single(view.Servers).Changes).Path.Text);

        // What somebody makes of the file meanwhile is neither lost nor the end of it unseen.
        await repository.CommitAsync(hand, new Dictionary<string, byte[]?>(StringComparer.Ordinal) { ["servers/web1/hand.nix"] = [.. "{ a = 1; }\n"u8] }, new CommitWords("Bob", "", _room.Clock.GetUtcNow(), "By another hand", ""));
        var refused = await Propose.RunAsync(_room.Ann, Form(await (await SettingsAsync()).ReadAsync(), ("users.motd", "Good bye")) with { Id = back.Id }, Stop);
        Assert.Equal("Somebody else changed servers/web1/hand.nix meanwhile, which this proposal changes, too. Give it up and make a new one.", refused.Errors["servers/web1/hand.nix"]);
    }

    [Fact]
    public async Task A_file_that_comes_back_is_as_executable_as_it_was()
    {
        var basis = await BeginAsync();
        var repository = await _repositories.OfAsync(_room.Server.OrganisationId);
        var hand = await repository.CommitAsync(basis.Commit, File("a"), new CommitWords("Ann", "", _room.Clock.GetUtcNow(), "By hand", ""), new HashSet<string>(StringComparer.Ordinal) { "servers/web1/backup.sh" });
        var gone = await repository.CommitAsync(hand, File(null), new CommitWords("Ann", "", _room.Clock.GetUtcNow(), "By hand", ""));
        var back = Value(await Revert.RunAsync(_room.Ann, Back(gone!.Value), Stop));

        // Another version of the proposal, for which the file is carried along.
        await ProposeAsync(await (await SettingsAsync()).ReadAsync(), needsApproval: false, id: back.Id, settings: ("users.motd", "Hello"));
        var merged = Value(await Merge.RunAsync(_bob, back.Id, Stop));

        Assert.Equal(["servers/web1/backup.sh"], await repository.ExecutablesAsync(merged.Commit));

        static Dictionary<string, byte[]?> File(string? text) => new(StringComparer.Ordinal) { ["servers/web1/backup.sh"] = text is null ? null : System.Text.Encoding.UTF8.GetBytes(text) };
    }

    [Fact]
    public async Task Who_may_only_look_changes_nothing_and_another_organisation_sees_nothing()
    {
        var basis = await BeginAsync();
        var proposal = await ProposeAsync(basis, ("users.motd", "Hello"));
        var viewer = _bob with { Role = Role.Viewer };
        var stranger = new Caller(Guid.NewGuid(), "Eve", Guid.NewGuid(), Role.Owner);

        Assert.False((await Merge.RunAsync(viewer, proposal.Id, Stop)).Done);
        Assert.NotNull(await Approve.RunAsync(viewer, proposal.Id, 1, Stop));
        Assert.NotNull(await Close.RunAsync(viewer, proposal.Id, Stop));
        Assert.False((await Propose.RunAsync(viewer, Form(basis, ("users.motd", "x")), Stop)).Done);
        Assert.False((await Merge.RunAsync(stranger, proposal.Id, Stop)).Done);
        Assert.Equal("Your organisation has no such proposal.", await Close.RunAsync(stranger, proposal.Id, Stop));
        Assert.Null(await List.FindAsync(stranger, proposal.Id));
        Assert.Null(await Close.RunAsync(_bob, proposal.Id, Stop));
        Assert.Equal("It was closed by Bob.", (await Merge.RunAsync(_bob, proposal.Id, Stop)).Errors[""]);
    }

    [Fact]
    public async Task A_document_that_could_not_be_read_again_is_not_written()
    {
        var basis = await BeginAsync();
        var many = SettingsDocument.Of(Enumerable.Range(0, SettingsDocument.MostSettings + 1).Select(i => new Setting(OptionPath.Of("many", $"n{i}"), new NixBool(true))));

        var refused = await Propose.RunAsync(_room.Ann, Form(basis, ("users.motd", "Hello")) with { Changes = [new ProposedSettings(_room.Server.Id, basis, many)] }, Stop);

        Assert.Contains("5,000 are the most", refused.Errors[""], StringComparison.Ordinal);
        Assert.Empty(await List.ListAsync(_room.Ann, Stop));
    }

    [Fact]
    public async Task A_change_of_a_production_server_needs_a_reason()
    {
        var basis = await BeginAsync();
        var merged = Value(await Merge.RunAsync(_bob, (await ProposeAsync(basis, ("users.motd", "Hello"))).Id, Stop));
        var context = _room.Database.OpenForAll();
        await using (context)
        {
            (await context.Servers.SingleAsync(s => s.Id == _room.Server.Id, Stop)).Tags.Add(RollBackRules.ProductionTag);
            await context.SaveChangesAsync(Stop);
        }

        var form = Form(await (await SettingsAsync()).ReadAsync(), ("users.motd", "Good bye"));
        var why = $"Say why: web1 is tagged {RollBackRules.ProductionTag}.";
        Assert.Equal(why, (await Propose.RunAsync(_room.Ann, form with { Reason = " " }, Stop)).Errors[nameof(ProposalForm.Reason)]);
        Assert.Equal(why, (await Revert.RunAsync(_room.Ann, Back(merged.Commit) with { Reason = "" }, Stop)).Errors[nameof(RevertForm.Reason)]);
        Value(await Propose.RunAsync(_room.Ann, form with { Reason = "It is late." }, Stop));
    }

    [Fact]
    public async Task For_a_server_that_is_not_adopted_nothing_is_proposed_unless_somebody_wrote_files_for_it()
    {
        var basis = await BeginUnadoptedAsync();

        Assert.Equal("The configuration of web1 is not in the repository yet. Adopt it first.", (await Propose.RunAsync(_room.Ann, Form(basis, ("users.motd", "Hello")), Stop)).Errors[""]);

        var repository = await _repositories.OfAsync(_room.Server.OrganisationId);
        var hand = new Dictionary<string, byte[]?>(StringComparer.Ordinal) { ["servers/web1/configuration.nix"] = [.. "{ }\n"u8] };
        await repository.CommitAsync(basis.Commit, hand, new CommitWords("Ann", "", _room.Clock.GetUtcNow(), "By hand", ""));
        Assert.True((await Propose.RunAsync(_room.Ann, Form(basis, ("users.motd", "Hello")), Stop)).Done);
    }

    [Fact]
    public async Task A_commit_that_only_mentions_a_proposal_is_not_what_it_became()
    {
        var basis = await BeginAsync();
        var proposal = await ProposeAsync(basis, ("users.motd", "Hello"));
        var settings = await SettingsAsync();
        var other = basis.Document.With(new Setting(Path("services.a.x"), new NixText("1")));
        await settings.SaveAsync(basis, other, new CommitWords("Eve", "", _room.Clock.GetUtcNow(), "Another", $"Not yet:\nProposal: {proposal.Id:D}\nwaits for Bob."));

        var merged = Value(await Merge.RunAsync(_bob, proposal.Id, Stop));

        Assert.Equal("A change", (await settings.HistoryAsync(1))[0].Title);
        Assert.Equal(merged.Commit, await (await _repositories.OfAsync(_room.Server.OrganisationId)).MergedAsync(proposal.Id));
    }

    [Fact]
    public async Task A_commit_that_only_makes_a_file_executable_says_so()
    {
        var repository = await _repositories.OfAsync(_room.Server.OrganisationId);
        var script = new Dictionary<string, byte[]?>(StringComparer.Ordinal) { ["backup.sh"] = [.. "#!/bin/sh\n"u8] };
        var words = new CommitWords("Ann", "", _room.Clock.GetUtcNow(), "A script", "");
        var first = await repository.CommitAsync(null, script, words);
        var second = (await repository.CommitAsync(first, script, words, new HashSet<string>(StringComparer.Ordinal) { "backup.sh" }))!.Value;

        var file = Assert.Single((await Commits.RunAsync(_bob, second, Stop))!.Changed.Files);

        Assert.Equal((true, file.From), (file.Executable, file.To));
    }

    [Fact]
    public async Task Killed_between_commit_and_row_a_merge_is_found_again()
    {
        var proposal = await ProposeAsync(await BeginAsync(), ("users.motd", "Hello"));
        var merged = Value(await Merge.RunAsync(_bob, proposal.Id, Stop));
        var context = _room.Database.OpenForAll();
        await using (context)
        {
            var row = await context.Proposals.FindAsync([proposal.Id], Stop);
            (row!.State, row.Merged) = (ProposalState.Open, null);
            await context.SaveChangesAsync(Stop);
        }

        Assert.Equal(merged.Commit, Value(await Merge.RunAsync(_bob, proposal.Id, Stop)).Commit);
        Assert.Equal(2, (await (await SettingsAsync()).HistoryAsync(10)).Length);
    }

    [Fact]
    public async Task An_approval_that_comes_while_a_new_version_is_written_is_not_of_it()
    {
        var basis = await BeginAsync();
        var proposal = await ProposeAsync(basis, needsApproval: true, settings: ("users.motd", "Hello"));
        var meanwhile = new Meanwhile(_room.Clock, async () => Assert.Null(await Approve.RunAsync(_bob, proposal.Id, 1, Stop)));
        var propose = new ProposeChange(_room.Database, _repositories, new ProposalNews(), _room.Ledger.Writer, meanwhile);

        var refused = await propose.RunAsync(_room.Ann, Form(basis, ("users.motd", "Good bye")) with { Id = proposal.Id, NeedsApproval = true }, Stop);

        Assert.Equal("This proposal was changed or merged in this moment. Look again.", refused.Errors[""]);
        var row = (await List.FindAsync(_bob, proposal.Id))!.Proposal;
        Assert.Equal((1, "Bob", proposal.Content), (row.Version, row.ApprovedBy, row.Content));
    }

    [Fact]
    public async Task What_is_merged_while_a_new_version_comes_is_what_the_row_tells()
    {
        var basis = await BeginAsync();
        var proposal = await ProposeAsync(basis, ("users.motd", "Hello"));
        var meanwhile = new Meanwhile(_room.Clock, () => ProposeAsync(basis, needsApproval: false, proposal.Id, ("users.motd", "Good bye")));
        var merge = new MergeProposal(_room.Database, _repositories, new ProposalNews(), _room.Ledger.Writer, meanwhile);

        var merged = Value(await merge.RunAsync(_bob, proposal.Id, Stop));

        var row = (await List.FindAsync(_bob, proposal.Id))!.Proposal;
        Assert.Equal((ProposalState.Merged, merged.Commit.Text, 1, proposal.Content), (row.State, row.Merged, row.Version, row.Content));
        Assert.Equal(new NixText("Hello"), (await (await SettingsAsync()).ReadAsync()).Document[Path("users.motd")]?.Value);
        Assert.Equal("This proposal is over. Make a new one.", (await Propose.RunAsync(_room.Ann, Form(basis, ("users.motd", "x")) with { Id = proposal.Id }, Stop)).Errors[""]);
    }

    [Fact]
    public async Task Taking_back_sent_again_with_another_wish_is_a_new_version_of_it()
    {
        var first = Value(await Merge.RunAsync(_bob, (await ProposeAsync(await BeginAsync(), ("users.motd", "Hello"))).Id, Stop));
        var form = Back(first.Commit);
        var back = Value(await Revert.RunAsync(_bob, form, Stop));
        Assert.Null(await Approve.RunAsync(_room.Ann, back.Id, 1, Stop));
        Assert.Equal(1, Value(await Revert.RunAsync(_bob, form, Stop)).Version);

        var again = Value(await Revert.RunAsync(_bob, form with { NeedsApproval = true, Reason = "Much too friendly." }, Stop));

        Assert.Equal((2, true, null, $"Much too friendly.\n\nTakes back {first.Commit}."), (again.Version, again.NeedsApproval, again.ApprovedById, again.Reason));
        Assert.Equal("It waits for the approval of a second person.", (await Merge.RunAsync(_bob, back.Id, Stop)).Errors[""]);
        // Of somebody else it stays as it is.
        Assert.Equal(2, Value(await Revert.RunAsync(_room.Ann, form, Stop)).Version);
    }

    private ProposeChange Propose => new(_room.Database, _repositories, new ProposalNews(), _room.Ledger.Writer, _room.Clock);

    private MergeProposal Merge => new(_room.Database, _repositories, new ProposalNews(), _room.Ledger.Writer, _room.Clock);

    private ApproveProposal Approve => new(_room.Database, new ProposalNews(), _room.Ledger.Writer, _room.Clock);

    private CloseProposal Close => new(_room.Database, new ProposalNews(), _room.Ledger.Writer, _room.Clock);

    private CommentOnProposal Comment => new(_room.Database, new ProposalNews(), _room.Ledger.Writer, _room.Clock);

    private ReadCommit Commits => new(_room.Database, _repositories);

    private RevertChange Revert => new(_room.Database, _repositories, new ProposalNews(), _room.Ledger.Writer, _room.Clock);

    private ProposalList List => new(_room.Database, _repositories);

    private static T Value<T>(Result<T> result)
        where T : class => result.Done ? result.Value : throw new Xunit.Sdk.XunitException(string.Join("; ", result.Errors.ByField.Values));

    private static RevertForm Back(CommitId commit) => new() { Id = Guid.CreateVersion7(), Commit = commit, Reason = "Too friendly." };

    private static OptionPath Path(string text) => OptionPath.TryParse(text, out var path, out var error) ? path : throw new FormatException(error);

    private async Task<ServerSettings> SettingsAsync()
    {
        Assert.True(ServerName.TryParse(_room.Server.Name, out var name, out _));
        return new ServerSettings(await _repositories.OfAsync(_room.Server.OrganisationId), name);
    }

    private async Task<SettingsAt> BeginAsync()
    {
        var context = _room.Database.OpenForAll();
        await using (context)
        {
            context.ServerSources.Add(new ServerSource { ServerId = _room.Server.Id, OrganisationId = _room.Server.OrganisationId, Kind = SourceKind.Channel, AdoptedAt = _room.Clock.GetUtcNow() });
            await context.SaveChangesAsync(Stop);
        }

        return await BeginUnadoptedAsync();
    }

    private async Task<SettingsAt> BeginUnadoptedAsync()
    {
        var settings = await SettingsAsync();
        await settings.SaveAsync(new SettingsAt(null, SettingsDocument.Empty), SettingsDocument.Empty, new CommitWords("Ann", "", _room.Clock.GetUtcNow(), "The first", ""));
        return await settings.ReadAsync();
    }

    private ProposalForm Form(SettingsAt basis, params (string Path, string Text)[] settings) => new()
    {
        Id = Guid.CreateVersion7(),
        Title = "A change",
        Reason = "Because.",
        Changes = [new ProposedSettings(_room.Server.Id, basis, settings.Aggregate(basis.Document, (document, setting) => document.With(new Setting(Path(setting.Path), new NixText(setting.Text)))))],
    };

    private Task<Proposal> ProposeAsync(SettingsAt basis, params (string Path, string Text)[] settings) => ProposeAsync(basis, needsApproval: false, null, settings);

    private async Task<Proposal> ProposeAsync(SettingsAt basis, bool needsApproval, Guid? id = null, params (string Path, string Text)[] settings)
    {
        var form = Form(basis, settings) with { NeedsApproval = needsApproval };
        return Value(await Propose.RunAsync(_room.Ann, id is { } known ? form with { Id = known } : form, Stop));
    }

    /// <summary>Somebody else does something between what is read and what is written: when the time is asked for the first time.</summary>
    private sealed class Meanwhile(TimeProvider time, Func<Task> work) : TimeProvider
    {
        private Func<Task>? _work = work;

        public override DateTimeOffset GetUtcNow()
        {
            if (Interlocked.Exchange(ref _work, null) is { } now)
            {
                Task.Run(now).GetAwaiter().GetResult();
            }

            return time.GetUtcNow();
        }
    }
}
