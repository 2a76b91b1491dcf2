using System.Diagnostics;
using OsModa.Core.Configuration;
using OsModa.Core.Servers;
using Xunit;

namespace OsModa.Tests.Configuration;

/// <summary>The form's document in a real Git repository.</summary>
public sealed class ServerSettingsTests : IDisposable
{
    private static readonly OptionPath Enable = OptionPath.Of("services", "web", "enable"), Workers = OptionPath.Of("services", "web", "workers"), Motd = OptionPath.Of("users", "motd");
    private readonly string _parent = Directory.CreateTempSubdirectory("osmoda-repository-").FullName;
    private int _minute;

    private string Folder => Path.Combine(_parent, "organisation");

    public void Dispose() => Directory.Delete(_parent, recursive: true);

    [Fact]
    public async Task What_is_saved_is_read_back_with_who_and_why()
    {
        var settings = await OpenAsync();
        var document = SettingsDocument.Empty.With(new Setting(Motd, new NixText("${hello}"))).With(new Setting(Workers, new NixExpression("1 + 1"), Setting.Force));
        var saved = await settings.SaveAsync(await settings.ReadAsync(), document, Words("Say hello", "Because\nAnn asked."));

        var now = await settings.ReadAsync();
        Assert.Equal((saved.Commit, document), (now.Commit, now.Document));
        var step = Assert.Single(await settings.HistoryAsync(10));
        Assert.Equal(("Ann", "ann@example.org", "Say hello", "Because\nAnn asked."), (step.Author, step.Email, step.Title, step.Reason));
        Assert.Equal(DateTimeOffset.UnixEpoch.AddMinutes(1), step.At);
        Assert.Equal(["flake.nix", "servers/web1/default.nix", .. await ExpressionsAsync(), "servers/web1/settings.json", "servers/web1/settings.nix"], await FilesAsync());
        Assert.Equal(0, await GitAsync(Folder, "fsck", "--strict"));
    }

    [Fact]
    public async Task Saving_what_is_there_makes_no_commit_and_an_expression_nobody_uses_goes()
    {
        var settings = await OpenAsync();
        await SaveAsync(settings, d => d.With(new Setting(Workers, new NixExpression("2"))));
        await SaveAsync(settings, d => d.With(new Setting(Workers, new NixInteger(2))));

        Assert.Null((await SaveAsync(settings, d => d)).Commit);
        Assert.Empty(await ExpressionsAsync());
        Assert.Equal(2, (await settings.HistoryAsync(10)).Length);
    }

    [Fact]
    public async Task Files_written_by_hand_stay_as_they_are()
    {
        var repository = await ConfigurationRepository.OpenAsync(Folder);
        Assert.True(ServerName.TryParse("web1", out var web1, out _));
        var hand = "{ } # mine"u8.ToArray();
        var first = await repository.CommitAsync(null, new Dictionary<string, byte[]?>(StringComparer.Ordinal) { ["flake.nix"] = hand, ["servers/web1/default.nix"] = hand, ["servers/web1/configuration.nix"] = hand }, Words("By hand"));
        await SaveAsync(new ServerSettings(repository, web1), d => d.With(new Setting(Enable, new NixBool(true))));

        var files = await repository.ReadAsync((await repository.HeadAsync())!.Value, "");
        Assert.NotNull(first);
        Assert.All(["flake.nix", "servers/web1/default.nix", "servers/web1/configuration.nix"], name => Assert.Equal(hand, files[name]));
    }

    [Fact]
    public async Task A_file_stays_executable_in_commits_that_leave_it_alone_or_write_it_anew()
    {
        var repository = await ConfigurationRepository.OpenAsync(Folder);
        Assert.True(ServerName.TryParse("web1", out var web1, out _));
        var first = await repository.CommitAsync(null, new Dictionary<string, byte[]?>(StringComparer.Ordinal) { ["backup.sh"] = [.. "one"u8], ["notes"] = [.. "one"u8] }, Words("By hand"), new HashSet<string>(StringComparer.Ordinal) { "backup.sh" });
        await SaveAsync(new ServerSettings(repository, web1), d => d.With(new Setting(Enable, new NixBool(true))));
        var again = await repository.CommitAsync(await repository.HeadAsync(), new Dictionary<string, byte[]?>(StringComparer.Ordinal) { ["backup.sh"] = [.. "two"u8], ["notes"] = [.. "two"u8] }, Words("By hand"));

        Assert.Equal(["backup.sh"], await repository.ExecutablesAsync(first!.Value));
        Assert.Equal(["backup.sh"], await repository.ExecutablesAsync(again!.Value));
    }

    [Fact]
    public async Task Each_place_is_blamed_on_the_commit_that_gave_it_its_value()
    {
        var settings = await OpenAsync();
        await SaveAsync(settings, d => d.With(new Setting(Enable, new NixBool(true))), "on");
        await SaveAsync(settings, d => d.With(new Setting(Workers, new NixInteger(2))), "two");
        await SaveAsync(settings, d => d.With(new Setting(Workers, new NixInteger(3))), "three");

        Assert.Equal([(Enable, "on"), (Workers, "three")], (await settings.BlameAsync()).Select(entry => (entry.Key, entry.Value.Title)));
    }

    [Fact]
    public async Task Documents_that_are_more_together_than_git_may_say_are_read_one_part_after_the_other()
    {
        var settings = await OpenAsync();
        for (var i = 0; i < 11; i++)
        {
            var text = new NixText(new string((char)('a' + i), 7 * 1024 * 1024));
            await SaveAsync(settings, d => d.With(new Setting(Enable, new NixBool(true))).With(new Setting(Motd, text)), $"{i}");
        }

        Assert.Equal([(Enable, "0"), (Motd, "10")], (await settings.BlameAsync()).Select(entry => (entry.Key, entry.Value.Title)));
    }

    [Theory]
    [InlineData("log")]
    [InlineData("--batch")]
    public async Task A_history_that_cannot_be_read_blames_nobody_and_stops_nothing(string command)
    {
        await SaveAsync(await OpenAsync(), d => d.With(new Setting(Enable, new NixBool(true))));
        var program = Path.Combine(_parent, "git");
        await ShellProgram.WriteAsync(program, $"""
            #!/bin/sh
            case " $* " in *" {command} "*) exit 128 ;; esac
            exec {GitProgram.Find()} "$@"
            """);
        Assert.True(ServerName.TryParse("web1", out var web1, out _));

        Assert.Empty(await new ServerSettings(await ConfigurationRepository.OpenAsync(Folder, program), web1).BlameAsync());
    }

    [Fact]
    public async Task Two_people_who_change_other_places_both_have_their_way()
    {
        var settings = await OpenAsync();
        var ann = await settings.ReadAsync();
        await SaveAsync(settings, d => d.With(new Setting(Enable, new NixBool(true))));
        var late = await settings.SaveAsync(ann, ann.Document.With(new Setting(Workers, new NixInteger(2))), Words("two"));

        Assert.NotNull(late.Commit);
        Assert.Equal([Enable, Workers], (await settings.ReadAsync()).Document.Settings.Keys);
    }

    [Fact]
    public async Task Two_people_who_change_one_place_are_told_and_nothing_is_saved()
    {
        var settings = await OpenAsync();
        var ann = await settings.ReadAsync();
        await SaveAsync(settings, d => d.With(new Setting(Workers, new NixInteger(8))));
        var late = await settings.SaveAsync(ann, ann.Document.With(new Setting(Workers, new NixInteger(2))), Words("two"));

        Assert.Null(late.Commit);
        Assert.Equal(new SettingsChange(Workers, new Setting(Workers, new NixInteger(8)), new Setting(Workers, new NixInteger(2))), Assert.Single(late.Contradictions));
        Assert.Equal(new NixInteger(8), (await settings.ReadAsync()).Document[Workers]!.Value);
    }

    [Fact]
    public async Task Many_who_save_at_once_lose_nothing()
    {
        var settings = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => SaveAsync(settings, d => d.With(new Setting(OptionPath.Of("many", $"n{i}"), new NixInteger(i))))));

        Assert.Equal(4, (await settings.ReadAsync()).Document.Settings.Count);
    }

    [Theory]
    [InlineData("--exec=touch /tmp/x", "\u001b[31m\nred", "")]
    [InlineData("<>", "<>", "\0\u0001")]
    [InlineData("-", "--", "-F")]
    public async Task Words_of_people_are_words_and_nothing_else(string author, string title, string reason)
    {
        var settings = await OpenAsync();
        var saved = await settings.SaveAsync(await settings.ReadAsync(), SettingsDocument.Empty, new CommitWords(author, author, DateTimeOffset.UnixEpoch, title, reason));

        Assert.NotNull(saved.Commit);
        Assert.Single(await settings.HistoryAsync(10));
        Assert.DoesNotContain((await settings.HistoryAsync(10))[0].Title, char.IsControl);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Killed_at_any_step_the_repository_has_the_old_state_or_the_new_one(bool before)
    {
        var steps = 0;
        for (var kill = 1; ; kill++)
        {
            var folder = Path.Combine(_parent, $"killed-{before}-{kill}");
            var program = Path.Combine(_parent, $"git-{before}-{kill}");
            // The git of this run is killed at its n-th command, before it does anything or when it has done it.
            await ShellProgram.WriteAsync(program, $"""
                #!/bin/sh
                echo >>"$0.count"
                [ "$(wc -l <"$0.count")" = {kill} ] || exec {GitProgram.Find()} "$@"
                {(before ? "" : $"{GitProgram.Find()} \"$@\"")}
                : >"$0.killed"
                for file in refs/heads/main HEAD index; do [ ! -d "{folder}" ] || : >"{folder}/$file.lock"; done
                kill -9 $$
                """);
            Assert.True(ServerName.TryParse("web1", out var web1, out _));
            try
            {
                var dying = new ServerSettings(await ConfigurationRepository.OpenAsync(folder, program), web1);
                await SaveAsync(dying, d => d.With(new Setting(Enable, new NixBool(true))));
            }
            catch (RepositoryException)
            {
                // As it should be: whoever saves is told.
            }

            var repository = await ConfigurationRepository.OpenAsync(folder);
            var settings = new ServerSettings(repository, web1);
            Assert.True((await settings.ReadAsync()).Document.Settings.Count <= 1);
            await SaveAsync(settings, d => d.With(new Setting(Workers, new NixInteger(kill))));
            Assert.Equal(new NixInteger(kill), (await settings.ReadAsync()).Document[Workers]!.Value);
            Assert.Equal(0, await GitAsync(folder, "fsck", "--strict"));
            Assert.Empty(Directory.EnumerateFiles(folder, "*.lock", SearchOption.AllDirectories).Concat(Directory.EnumerateFiles(folder, "osmoda-index-*")));
            if (!File.Exists(program + ".killed"))
            {
                break;
            }

            steps++;
        }

        Assert.InRange(steps, 8, 40);
    }

    private CommitWords Words(string title, string reason = "") => new("Ann", "ann@example.org", DateTimeOffset.UnixEpoch.AddMinutes(++_minute), title, reason);

    private async Task<ServerSettings> OpenAsync() =>
        ServerName.TryParse("web1", out var web1, out var error) ? new ServerSettings(await ConfigurationRepository.OpenAsync(Folder), web1) : throw new FormatException(error);

    private async Task<SaveOutcome> SaveAsync(ServerSettings settings, Func<SettingsDocument, SettingsDocument> change, string title = "A change")
    {
        var now = await settings.ReadAsync();
        return await settings.SaveAsync(now, change(now.Document), Words(title));
    }

    private async Task<List<string>> FilesAsync()
    {
        var repository = await ConfigurationRepository.OpenAsync(Folder);
        return [.. (await repository.ReadAsync((await repository.HeadAsync())!.Value, "")).Keys];
    }

    private async Task<List<string>> ExpressionsAsync() => [.. (await FilesAsync()).Where(file => file.Contains("/expressions/", StringComparison.Ordinal))];

    private static async Task<int> GitAsync(string folder, params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo(GitProgram.Find(), ["--git-dir", folder, .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        await Task.WhenAll(git.StandardError.ReadToEndAsync(), git.StandardOutput.ReadToEndAsync());
        await git.WaitForExitAsync();
        return git.ExitCode;
    }
}
