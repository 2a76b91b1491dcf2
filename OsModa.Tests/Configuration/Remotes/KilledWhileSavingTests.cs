using OsModa.Core.Configuration;
using Xunit;

namespace OsModa.Tests.Configuration.Remotes;

/// <summary>The dashboard ends at any command of git while it saves to a remote repository: before it, or right after it.</summary>
public sealed class KilledWhileSavingTests : IAsyncLifetime
{
    private RemoteRoom _room = null!;

    public async ValueTask InitializeAsync() => _room = await RemoteRoom.OpenAsync();

    public ValueTask DisposeAsync() => _room.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_next_fetch_makes_both_one_again_and_the_change_is_there_once_or_not_at_all(bool before)
    {
        await _room.ConnectAsync();
        await RemoteRoom.SaveAsync(await _room.SettingsAsync(), "first", 0);
        var steps = 0;
        for (var kill = 1; ; kill++)
        {
            var program = await DyingGitAsync(before, kill);
            var repository = await _room.OursAsync();
            var dying = await ConfigurationRepository.OpenAsync(repository.Git.Folder, program);
            dying.Remote = await _room.Remotes.OfAsync(_room.Owner.OrganisationId, dying.Git);
            var name = $"n{kill}";
            try
            {
                await RemoteRoom.SaveAsync(new ServerSettings(dying, Name("web1")), name, kill);
            }
            catch (RepositoryException)
            {
                // As it should be: whoever saves is told.
            }

            _room.Restart();
            Assert.Null(await _room.Fetch.RunAsync(_room.Owner, RemoteRoom.Stop));
            var settings = await _room.SettingsAsync();
            Assert.Equal(await _room.TheirHeadAsync(), await (await _room.OursAsync()).HeadAsync());
            Assert.Null((await _room.StateAsync()).Remote.RewrittenAt);
            await RemoteRoom.SaveAsync(settings, name, kill);
            Assert.Single(await settings.HistoryAsync(100), commit => commit.Title == $"{name} is {kill}");
            if (!File.Exists(program + ".killed"))
            {
                break;
            }

            steps++;
        }

        Assert.InRange(steps, 8, 60);
        await RemoteRoom.GitAsync((await _room.OursAsync()).Git.Folder, "fsck", "--strict");
    }

    private static OsModa.Core.Servers.ServerName Name(string text) => OsModa.Core.Servers.ServerName.TryParse(text, out var name, out var error) ? name : throw new FormatException(error);

    private async Task<string> DyingGitAsync(bool before, int kill)
    {
        var program = Path.Combine(Path.GetDirectoryName(_room.Theirs)!, $"git-{before}-{kill}");
        await ShellProgram.WriteAsync(program, $"""
            #!/bin/sh
            echo >>"$0.count"
            n=$(wc -l <"$0.count")
            [ ! -e "$0.killed" ] || exit 137
            [ "$n" = {kill} ] || exec {GitProgram.Find()} "$@"
            {(before ? "" : $"{GitProgram.Find()} \"$@\"")}
            : >"$0.killed"
            kill -9 $$
            """);
        return program;
    }
}
