using System.Formats.Tar;
using System.IO.Compression;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Accounts;
using OsModa.Core.Configuration;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Core.Storage;
using OsModa.Tests.Operations;
using Xunit;

namespace OsModa.Tests.Configuration;

/// <summary>The dashboard is killed between the commit and the row that tells of it: done again, it is done once.</summary>
public sealed class AdoptedHalfWayTests : IAsyncDisposable
{
    private const UnixFileMode ForAll = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly OperationRoom _room = OperationRoom.OpenAsync().GetAwaiter().GetResult();
    private readonly ConfigurationRepositories _repositories;
    private readonly CheckWatch _watch;
    private string _text = "{ }\n", _file = "configuration.nix";
    private bool _executable = true, _secret;

    public AdoptedHalfWayTests()
    {
        _repositories = new ConfigurationRepositories(new StorageSettings { Folder = Directory.CreateTempSubdirectory("osmoda-half-").FullName });
        _room.Shell.Answer = (script, _) => script == "adopt.sh"
            ? ["source\tchannel", "host\tweb1", "system\t/nix/store/00000000000000000000000000000000-nixos-system-web1-25.05", "=" + Packed(_file, _text, _executable, _secret), "end\t2"]
            : [];
        _watch = new CheckWatch(_room.Fleet, Shells, Rows, new CheckHistory(_room.Database), new CopyClosure(Shells), _repositories, _room.Clock, NullLogger<CheckWatch>.Instance);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ShellOf Shells => (_, _) => ValueTask.FromResult<IRemoteShell>(_room.Shell);

    private CheckRows Rows => new(_room.Database, _room.Ledger.Writer, _room.Clock);

    private RunCheck Check => new(_room.Database, _room.Fleet, Shells, _repositories, _watch, Rows, _room.Ledger.Writer, _room.Clock);

    private AdoptServer Adopt => new(_room.Database, Shells, _repositories, Check, _room.Ledger.Writer, _room.Clock);

    private TakeOverDrift TakeOver => new(_room.Database, Shells, _repositories, Check, _room.Ledger.Writer, _room.Clock);

    public async ValueTask DisposeAsync()
    {
        await _watch.DisposeAsync();
        await _room.DisposeAsync();
    }

    [Fact]
    public async Task A_server_whose_adoption_was_cut_off_is_adopted_by_the_commit_that_is_there()
    {
        var first = await Adopt.RunAsync(_room.Ann, _room.Server.Id, Stop);
        Assert.True(first.Done, string.Join("; ", first.Errors.ByField.Values));
        var context = _room.Database.OpenForAll();
        await using (context)
        {
            await context.ServerSources.ExecuteDeleteAsync(Stop);
        }

        var again = await Adopt.RunAsync(_room.Ann, _room.Server.Id, Stop);

        Assert.Equal(first.Value.Commit, again.Value?.Commit);
        Assert.Single(await HistoryAsync());
        Assert.NotNull(await new Adopted(_room.Database).FindAsync(_room.Ann, _room.Server.Id, Stop));
    }

    [Fact]
    public async Task A_folder_that_the_repository_has_already_is_kept_with_all_that_the_form_set()
    {
        Assert.True((await Adopt.RunAsync(_room.Ann, _room.Server.Id, Stop)).Done);
        Assert.True(ServerName.TryParse(_room.Server.Name, out var name, out _));
        var settings = new ServerSettings(await _repositories.OfAsync(_room.Server.OrganisationId), name);
        var document = SettingsDocument.Empty.With(new Setting(OptionPath.Of("users", "motd"), new NixText("kept")));
        await settings.SaveAsync(await settings.ReadAsync(), document, new CommitWords("Ann", "", _room.Clock.GetUtcNow(), "A word of the day", ""));
        var context = _room.Database.OpenForAll();
        await using (context)
        {
            await context.ServerSources.ExecuteDeleteAsync(Stop);
        }

        _text = "{ users.motd = \"older\"; }\n";
        var again = await Adopt.RunAsync(_room.Ann, _room.Server.Id, Stop);

        Assert.Equal(document, (await settings.ReadAsync()).Document);
        Assert.Equal(2, (await HistoryAsync()).Count);
        Assert.Equal("configuration.nix", Assert.Single(again.Value!.Left).Path);
        Assert.Empty(again.Value.Files);

        // Nothing changed on the server since: there is nothing to take over, and the repository's own stays.
        Assert.StartsWith("The files in /etc/nixos", (await TakeOver.RunAsync(_room.Ann, _room.Server.Id, "", Stop)).Errors[""], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_somebody_wrote_in_the_repository_outlive_what_is_taken_over()
    {
        const string Folder = "servers/web1/";
        var repository = await _repositories.OfAsync(_room.Server.OrganisationId);
        var hand = new Dictionary<string, byte[]?>(StringComparer.Ordinal) { [$"{Folder}configuration.nix"] = [.. "{ real = true; }\n"u8], [$"{Folder}mail.nix"] = [.. "{ }\n"u8] };
        await repository.CommitAsync(null, hand, new CommitWords("Ann", "", _room.Clock.GetUtcNow(), "By hand", ""));
        Assert.True((await Adopt.RunAsync(_room.Ann, _room.Server.Id, Stop)).Done);

        _executable = false;
        var taken = await TakeOver.RunAsync(_room.Ann, _room.Server.Id, "", Stop);

        // Only what changed on the server comes over; it is not in the repository, so somebody has to decide.
        Assert.Equal($"Somebody else changed {Folder}backup.sh meanwhile.", taken.Errors[$"{Folder}backup.sh"]);
        var there = await repository.ReadAsync((await repository.HeadAsync())!.Value, "servers/web1");
        Assert.All(hand, file => Assert.Equal(file.Value, there[file.Key]));
    }

    [Fact]
    public async Task A_production_server_is_taken_over_with_a_reason_that_stands_in_the_commit_and_the_ledger()
    {
        Assert.True((await Adopt.RunAsync(_room.Ann, _room.Server.Id, Stop)).Done);
        var context = _room.Database.OpenForAll();
        await using (context)
        {
            (await context.Servers.SingleAsync(server => server.Id == _room.Server.Id, Stop)).Tags.Add("production");
            await context.SaveChangesAsync(Stop);
        }

        _text = "{ users.motd = \"By hand\"; }\n";
        var refused = await TakeOver.RunAsync(_room.Ann, _room.Server.Id, " ", Stop);
        var taken = await TakeOver.RunAsync(_room.Ann, _room.Server.Id, "It was urgent.", Stop);

        Assert.Equal("Say why: web1 is tagged production.", refused.Errors["reason"]);
        Assert.True(taken.Done, string.Join("; ", taken.Errors.ByField.Values));
        Assert.StartsWith("It was urgent.\n\nRead from its /etc/nixos", (await HistoryAsync())[0].Reason, StringComparison.Ordinal);
        Assert.Equal(2, (await HistoryAsync()).Count);
    }

    [Fact]
    public async Task What_looks_like_a_secret_in_a_file_of_Nix_is_taken_and_named_with_its_lines()
    {
        _text = "{\n  users.users.ann.hashedPassword = \"$y$j9T$F5Jx5fExrKuPp53xLKQ\";\n}\n";
        var adopted = await Adopt.RunAsync(_room.Ann, _room.Server.Id, Stop);
        var told = (await HistoryAsync())[0].Reason;
        _executable = false;
        var script = await TakeOver.RunAsync(_room.Ann, _room.Server.Id, "", Stop);
        _text += "# SMTP_PASS = \"hunter22\"\n";
        var taken = await TakeOver.RunAsync(_room.Ann, _room.Server.Id, "", Stop);

        Assert.Equal(("configuration.nix", "line 2"), (Assert.Single(adopted.Value!.Exposed).Path, adopted.Value.Exposed[0].Where));
        Assert.Contains("What looks like a secret is in configuration.nix, line 2.", told, StringComparison.Ordinal);
        Assert.Empty(script.Value!.Exposed);
        Assert.Equal("lines 2, 4", Assert.Single(taken.Value!.Exposed).Where);
    }

    [Fact]
    public async Task A_file_that_is_left_out_by_now_is_not_taken_for_gone()
    {
        Assert.True((await Adopt.RunAsync(_room.Ann, _room.Server.Id, Stop)).Done);
        _secret = true;
        _text = "{ users.motd = \"By hand\"; }\n";

        var taken = await TakeOver.RunAsync(_room.Ann, _room.Server.Id, "", Stop);

        Assert.True(taken.Done, string.Join("; ", taken.Errors.ByField.Values));
        Assert.Equal(["configuration.nix"], taken.Value.Files);
        Assert.Equal("backup.sh", Assert.Single(taken.Value.Left).Path);
    }

    [Fact]
    public async Task A_folder_with_nothing_but_the_form_in_it_is_adopted_with_what_the_form_says()
    {
        Assert.True(ServerName.TryParse(_room.Server.Name, out var name, out _));
        var settings = new ServerSettings(await _repositories.OfAsync(_room.Server.OrganisationId), name);
        var document = SettingsDocument.Empty.With(new Setting(OptionPath.Of("users", "motd"), new NixText("kept")));
        await settings.SaveAsync(await settings.ReadAsync(), document, new CommitWords("Ann", "", _room.Clock.GetUtcNow(), "A word of the day", ""));

        var adopted = await Adopt.RunAsync(_room.Ann, _room.Server.Id, Stop);

        Assert.True(adopted.Done, string.Join("; ", adopted.Errors.ByField.Values));
        Assert.Equal(["backup.sh", "configuration.nix"], adopted.Value.Files);
        Assert.Equal((document, 2), ((await settings.ReadAsync()).Document, (await HistoryAsync()).Count));
    }

    [Fact]
    public async Task An_adopted_server_keeps_its_name_because_its_configuration_goes_by_it()
    {
        var directory = new ServerDirectory(_room.Database);
        var change = new ChangeServer(_room.Database, directory, _room.Ledger.Writer);
        var owner = _room.Ann with { Role = Role.Owner };
        Assert.True((await Adopt.RunAsync(_room.Ann, _room.Server.Id, Stop)).Done);
        var form = ServerForm.Of(_room.Server);

        var renamed = await change.RunAsync(owner, _room.Server.Id, form with { Name = "other" }, form, Stop);
        var moved = await change.RunAsync(owner, _room.Server.Id, form with { Address = "other.example.org" }, form, Stop);

        Assert.StartsWith($"Its configuration lies in servers/{_room.Server.Name} of the repository", renamed.Errors[nameof(ServerForm.Name)], StringComparison.Ordinal);
        Assert.True(moved.Done, string.Join("; ", moved.Errors.ByField.Values));
    }

    [Fact]
    public async Task What_was_taken_over_before_the_end_is_not_taken_over_twice()
    {
        Assert.True((await Adopt.RunAsync(_room.Ann, _room.Server.Id, Stop)).Done);
        var before = (await new Adopted(_room.Database).FindAsync(_room.Ann, _room.Server.Id, Stop))!.ReadCommit;
        _text = "{ users.motd = \"By hand\"; }\n";
        var first = await TakeOver.RunAsync(_room.Ann, _room.Server.Id, "", Stop);
        Assert.True(first.Done, string.Join("; ", first.Errors.ByField.Values));
        var context = _room.Database.OpenForAll();
        await using (context)
        {
            await context.ServerSources.ExecuteUpdateAsync(set => set.SetProperty(source => source.ReadCommit, before), Stop);
        }

        var again = await TakeOver.RunAsync(_room.Ann, _room.Server.Id, "", Stop);

        Assert.Equal(first.Value.Commit, again.Value?.Commit);
        Assert.Equal(2, (await HistoryAsync()).Count);
        Assert.StartsWith("The files in /etc/nixos", (await TakeOver.RunAsync(_room.Ann, _room.Server.Id, "", Stop)).Errors[""], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_is_as_executable_in_the_repository_as_it_is_on_the_server()
    {
        Assert.True((await Adopt.RunAsync(_room.Ann, _room.Server.Id, Stop)).Done);
        var repository = await _repositories.OfAsync(_room.Server.OrganisationId);
        Assert.Equal([$"servers/{_room.Server.Name}/backup.sh"], await repository.ExecutablesAsync((await repository.HeadAsync())!.Value));

        _executable = false;
        var taken = await TakeOver.RunAsync(_room.Ann, _room.Server.Id, "", Stop);

        Assert.True(taken.Done, string.Join("; ", taken.Errors.ByField.Values));
        Assert.Equal(["backup.sh"], taken.Value.Files);
        Assert.Empty(await repository.ExecutablesAsync(taken.Value.Commit));
    }

    [Theory]
    [InlineData("default.nix")]
    [InlineData("settings.json")]
    [InlineData("expressions/a.nix")]
    public async Task A_file_on_the_server_that_is_called_like_one_of_the_form_is_not_taken_over(string file)
    {
        Assert.True((await Adopt.RunAsync(_room.Ann, _room.Server.Id, Stop)).Done);
        _file = file;

        Assert.StartsWith($"There is a file {file} in /etc/nixos", (await TakeOver.RunAsync(_room.Ann, _room.Server.Id, "", Stop)).Errors[""], StringComparison.Ordinal);
        Assert.Single(await HistoryAsync());
    }

    [Fact]
    public async Task A_document_that_somebody_made_unreadable_is_named_before_anything_is_taken_over()
    {
        Assert.True((await Adopt.RunAsync(_room.Ann, _room.Server.Id, Stop)).Done);
        var repository = await _repositories.OfAsync(_room.Server.OrganisationId);
        var odd = new Dictionary<string, byte[]?>(StringComparer.Ordinal) { ["servers/web1/settings.json"] = [.. "{ \"format\": 2, \"settings\": [] }"u8] };
        Assert.NotNull(await repository.CommitAsync(await repository.HeadAsync(), odd, new CommitWords("Ann", "", _room.Clock.GetUtcNow(), "By hand", "")));
        _text = "{ users.motd = \"By hand\"; }\n";

        var taken = await TakeOver.RunAsync(_room.Ann, _room.Server.Id, "", Stop);

        Assert.Equal("What the form says of web1 cannot be read in the repository: settings.json is not of format 1. Mend that there first.", taken.Errors[""]);
    }

    private static string Packed(string file, string text, bool executable, bool secret)
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(zip, TarEntryFormat.Ustar, leaveOpen: true))
        {
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"./{file}") { DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)) });
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "./backup.sh") { DataStream = new MemoryStream([.. "#!/bin/sh\n"u8]), Mode = (secret ? UnixFileMode.UserRead : ForAll) | (executable ? UnixFileMode.UserExecute : UnixFileMode.None) });
        }

        return Convert.ToBase64String(bytes.ToArray());
    }

    private async Task<IReadOnlyList<Commit>> HistoryAsync()
    {
        Assert.True(ServerName.TryParse(_room.Server.Name, out var name, out _));
        return await new ServerSettings(await _repositories.OfAsync(_room.Server.OrganisationId), name).HistoryAsync(10);
    }
}
