using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Configuration;
using OsModa.Core.Servers;
using Xunit;

namespace OsModa.Tests.Configuration;

/// <summary>The dashboard is killed between the commit and the row that tells of it: done again, it is done once. What the repository has already stays.</summary>
public sealed class AdoptedHalfWayTests : AdoptionRoom
{
    [Fact]
    public async Task A_server_whose_adoption_was_cut_off_is_adopted_by_the_commit_that_is_there()
    {
        var first = await Adopt.RunAsync(Room.Ann, Room.Server.Id, Stop);
        Assert.True(first.Done, string.Join("; ", first.Errors.ByField.Values));
        var context = Room.Database.OpenForAll();
        await using (context)
        {
            await context.ServerSources.ExecuteDeleteAsync(Stop);
        }

        var again = await Adopt.RunAsync(Room.Ann, Room.Server.Id, Stop);

        Assert.Equal(first.Value.Commit, again.Value?.Commit);
        Assert.Single(await HistoryAsync());
        Assert.NotNull(await new Adopted(Room.Database).FindAsync(Room.Ann, Room.Server.Id, Stop));
    }

    [Fact]
    public async Task A_folder_that_the_repository_has_already_is_kept_with_all_that_the_form_set()
    {
        Assert.True((await Adopt.RunAsync(Room.Ann, Room.Server.Id, Stop)).Done);
        Assert.True(ServerName.TryParse(Room.Server.Name, out var name, out _));
        var settings = new ServerSettings(await Repositories.OfAsync(Room.Server.OrganisationId), name);
        var document = SettingsDocument.Empty.With(new Setting(OptionPath.Of("users", "motd"), new NixText("kept")));
        await settings.SaveAsync(await settings.ReadAsync(), document, new CommitWords("Ann", "", Room.Clock.GetUtcNow(), "A word of the day", ""));
        var context = Room.Database.OpenForAll();
        await using (context)
        {
            await context.ServerSources.ExecuteDeleteAsync(Stop);
        }

        Text = "{ users.motd = \"older\"; }\n";
        var again = await Adopt.RunAsync(Room.Ann, Room.Server.Id, Stop);

        Assert.Equal(document, (await settings.ReadAsync()).Document);
        Assert.Equal(2, (await HistoryAsync()).Count);
        Assert.Equal("configuration.nix", Assert.Single(again.Value!.Left).Path);
        Assert.Empty(again.Value.Files);

        // Nothing changed on the server since: there is nothing to take over, and the repository's own stays.
        Assert.StartsWith("The files in /etc/nixos", (await TakeOverAsync()).Errors[""], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_with_nothing_but_the_form_in_it_is_adopted_with_what_the_form_says()
    {
        Assert.True(ServerName.TryParse(Room.Server.Name, out var name, out _));
        var settings = new ServerSettings(await Repositories.OfAsync(Room.Server.OrganisationId), name);
        var document = SettingsDocument.Empty.With(new Setting(OptionPath.Of("users", "motd"), new NixText("kept")));
        await settings.SaveAsync(await settings.ReadAsync(), document, new CommitWords("Ann", "", Room.Clock.GetUtcNow(), "A word of the day", ""));

        var adopted = await Adopt.RunAsync(Room.Ann, Room.Server.Id, Stop);

        Assert.True(adopted.Done, string.Join("; ", adopted.Errors.ByField.Values));
        Assert.Equal(["backup.sh", "configuration.nix"], adopted.Value.Files);
        Assert.Equal((document, 2), ((await settings.ReadAsync()).Document, (await HistoryAsync()).Count));
    }

    [Fact]
    public async Task An_adopted_server_keeps_its_name_because_its_configuration_goes_by_it()
    {
        var directory = new ServerDirectory(Room.Database);
        var change = new ChangeServer(Room.Database, directory, Room.Ledger.Writer);
        var owner = Room.Ann with { Role = Role.Owner };
        Assert.True((await Adopt.RunAsync(Room.Ann, Room.Server.Id, Stop)).Done);
        var form = ServerForm.Of(Room.Server);

        var renamed = await change.RunAsync(owner, Room.Server.Id, form with { Name = "other" }, form, Stop);
        var moved = await change.RunAsync(owner, Room.Server.Id, form with { Address = "other.example.org" }, form, Stop);

        Assert.StartsWith($"Its configuration lies in servers/{Room.Server.Name} of the repository", renamed.Errors[nameof(ServerForm.Name)], StringComparison.Ordinal);
        Assert.True(moved.Done, string.Join("; ", moved.Errors.ByField.Values));
    }
}
