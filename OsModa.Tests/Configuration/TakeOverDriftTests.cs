using Microsoft.EntityFrameworkCore;
using OsModa.Core.Configuration;
using Xunit;

namespace OsModa.Tests.Configuration;

/// <summary>Which files of an adopted server are taken over, and what is said of them.</summary>
public sealed class TakeOverDriftTests : AdoptionRoom
{
    [Fact]
    public async Task Files_that_somebody_wrote_in_the_repository_outlive_what_is_taken_over()
    {
        const string Folder = "servers/web1/";
        var repository = await Repositories.OfAsync(Room.Server.OrganisationId);
        var hand = new Dictionary<string, byte[]?>(StringComparer.Ordinal) { [$"{Folder}configuration.nix"] = [.. "{ real = true; }\n"u8], [$"{Folder}mail.nix"] = [.. "{ }\n"u8] };
        await repository.CommitAsync(null, hand, new CommitWords("Ann", "", Room.Clock.GetUtcNow(), "By hand", ""));
        await AdoptedAsync();

        IsExecutable = false;
        var taken = await TakeOverAsync();

        // Only what changed on the server comes over; it is not in the repository, so somebody has to decide.
        Assert.Equal($"Somebody else changed {Folder}backup.sh meanwhile.", taken.Errors[$"{Folder}backup.sh"]);
        var there = await repository.ReadAsync((await repository.HeadAsync())!.Value, "servers/web1");
        Assert.All(hand, file => Assert.Equal(file.Value, there[file.Key]));
    }

    [Fact]
    public async Task A_production_server_is_taken_over_with_a_reason_that_stands_in_the_commit_and_the_ledger()
    {
        await AdoptedAsync();
        var context = Room.Database.OpenForAll();
        await using (context)
        {
            (await context.Servers.SingleAsync(server => server.Id == Room.Server.Id, Stop)).Tags.Add("production");
            await context.SaveChangesAsync(Stop);
        }

        Text = "{ users.motd = \"By hand\"; }\n";
        var refused = await TakeOverAsync(" ");
        var taken = await TakeOverAsync("It was urgent.");

        Assert.Equal("Say why: web1 is tagged production.", refused.Errors[nameof(TakeOverForm.Reason)]);
        await MergedAsync(taken);
        Assert.StartsWith("It was urgent.\n\nRead from its /etc/nixos", (await HistoryAsync())[0].Reason, StringComparison.Ordinal);
        Assert.Equal(2, (await HistoryAsync()).Count);
    }

    [Fact]
    public async Task What_looks_like_a_secret_in_a_file_of_Nix_is_taken_and_named_with_its_lines()
    {
        Text = "{\n  users.users.ann.hashedPassword = \"$y$j9T$F5Jx5fExrKuPp53xLKQ\";\n}\n";
        var adopted = await Adopt.RunAsync(Room.Ann, Room.Server.Id, Stop);
        var told = (await HistoryAsync())[0].Reason;
        IsExecutable = false;
        var script = await TakeOverAsync();
        await MergedAsync(script);
        Text += "# SMTP_PASS = \"hunter22\"\n";
        var taken = await TakeOverAsync();

        Assert.Equal(("configuration.nix", "line 2"), (Assert.Single(adopted.Value!.Exposed).Path, adopted.Value.Exposed[0].Where));
        Assert.Contains("What looks like a secret is in configuration.nix, line 2.", told, StringComparison.Ordinal);
        Assert.Empty(script.Value!.Exposed);
        Assert.Equal("lines 2, 4", Assert.Single(taken.Value!.Exposed).Where);
        Assert.EndsWith("What looks like a secret is in configuration.nix, lines 2, 4.", (await OpenAsync(taken)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_left_out_by_now_is_not_taken_for_gone()
    {
        await AdoptedAsync();
        IsSecret = true;
        Text = "{ users.motd = \"By hand\"; }\n";

        var taken = await TakeOverAsync();

        Assert.True(taken.Done, string.Join("; ", taken.Errors.ByField.Values));
        Assert.Equal(["configuration.nix"], taken.Value.Files);
        Assert.Equal("backup.sh", Assert.Single(taken.Value.Left).Path);
    }

    [Fact]
    public async Task A_script_is_as_executable_in_the_repository_as_it_is_on_the_server()
    {
        await AdoptedAsync();
        var repository = await Repositories.OfAsync(Room.Server.OrganisationId);
        Assert.Equal([$"servers/{Room.Server.Name}/backup.sh"], await repository.ExecutablesAsync((await repository.HeadAsync())!.Value));

        IsExecutable = false;
        var taken = await TakeOverAsync();

        Assert.True(taken.Done, string.Join("; ", taken.Errors.ByField.Values));
        Assert.Equal(["backup.sh"], taken.Value.Files);
        Assert.Empty(await repository.ExecutablesAsync(taken.Value.Commit));
        Assert.Empty(await repository.ExecutablesAsync(await MergedAsync(taken)));
    }

    [Theory]
    [InlineData("default.nix")]
    [InlineData("settings.json")]
    [InlineData("expressions/a.nix")]
    public async Task A_file_on_the_server_that_is_called_like_one_of_the_form_is_not_taken_over(string file)
    {
        await AdoptedAsync();
        FileName = file;

        Assert.StartsWith($"There is a file {file} in /etc/nixos", (await TakeOverAsync()).Errors[""], StringComparison.Ordinal);
        Assert.Single(await HistoryAsync());
    }

    [Fact]
    public async Task A_document_that_somebody_made_unreadable_is_named_before_anything_is_taken_over()
    {
        await AdoptedAsync();
        var repository = await Repositories.OfAsync(Room.Server.OrganisationId);
        var odd = new Dictionary<string, byte[]?>(StringComparer.Ordinal) { ["servers/web1/settings.json"] = [.. "{ \"format\": 2, \"settings\": [] }"u8] };
        Assert.NotNull(await repository.CommitAsync(await repository.HeadAsync(), odd, new CommitWords("Ann", "", Room.Clock.GetUtcNow(), "By hand", "")));
        Text = "{ users.motd = \"By hand\"; }\n";

        var taken = await TakeOverAsync();

        Assert.Equal("What the form says of web1 cannot be read in the repository: settings.json is not of format 1. Mend that there first.", taken.Errors[""]);
    }
}
