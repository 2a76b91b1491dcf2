using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Configuration;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Tests.Storage;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>The dashboard's own disk is full: whoever saves is told, what was there is whole, and it goes on once there is room.</summary>
[Trait("Tier", "lab")]
public sealed class FullDiskTests
{
    private const int Page = 4096;

    [Fact]
    public async Task A_commit_that_finds_no_room_at_any_of_its_steps_leaves_the_old_state()
    {
        var parent = Directory.CreateTempSubdirectory("osmoda-full-");
        await using var disk = await SmallDisk.MountAsync(parent.FullName, 2 * 1024 * 1024);
        var folder = Path.Combine(parent.FullName, "organisation");
        Assert.True(ServerName.TryParse("web1", out var web1, out _));
        var settings = new ServerSettings(await ConfigurationRepository.OpenAsync(folder), web1);
        Assert.NotNull((await SaveAsync(settings, 0)).Commit);

        var refused = 0;
        for (var pages = 0; ; pages++)
        {
            disk.Fill(pages * Page);
            try
            {
                Assert.NotNull((await SaveAsync(settings, pages + 1)).Commit);
                break;
            }
            catch (RepositoryException told)
            {
                refused++;
                Assert.NotEmpty(told.Message);
            }

            // The old state can be read while the disk is full still, and nothing of it is damaged.
            Assert.Equal(new NixInteger(0), (await settings.ReadAsync()).Document[OptionPath.Of("a", "b")]?.Value);
            disk.Empty();
            Assert.Equal(0, await ToolAsync("git", "--git-dir", folder, "fsck", "--strict"));
        }

        Assert.InRange(refused, 3, 100);
        disk.Empty();
        Assert.NotNull((await SaveAsync(settings, -1)).Commit);
        Assert.Equal(0, await ToolAsync("git", "--git-dir", folder, "fsck", "--strict"));
    }

    [Fact]
    public async Task A_draft_that_finds_no_room_leaves_the_one_before()
    {
        await using var database = await TemporaryDatabase.OpenAsync();
        var migrated = await File.ReadAllBytesAsync(database.Settings.SqliteFile, TestContext.Current.CancellationToken);
        await using var disk = await SmallDisk.MountAsync(Path.GetDirectoryName(database.Settings.SqliteFile)!, migrated.Length + (2 * 1024 * 1024));
        await File.WriteAllBytesAsync(database.Settings.SqliteFile, migrated, TestContext.Current.CancellationToken);
        var ann = await database.CallerAsync(Role.Owner);
        var server = new ServerId(Guid.NewGuid());
        var context = database.Database.OpenFor(ann);
        await using (context)
        {
            context.Servers.Add(new Server { Id = server, OrganisationId = ann.OrganisationId, Name = "web1", Address = "web1.example.org", Login = "root", AddedAt = TimeProvider.System.GetUtcNow() });
            await context.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        var drafts = new Drafts(database.Database, TimeProvider.System);
        var basis = new SettingsAt(null, SettingsDocument.Empty);
        var (first, second) = (Text("first"), Text(new string('x', 500_000)));
        await drafts.SaveAsync(ann, server, basis, first, TestContext.Current.CancellationToken);
        disk.Fill(0);

        var told = await Assert.ThrowsAnyAsync<Exception>(() => drafts.SaveAsync(ann, server, basis, second, TestContext.Current.CancellationToken));
        Assert.True(told is DbUpdateException or SqliteException, told.ToString());
        Assert.Equal(first, Assert.Single(await drafts.OfAsync(ann, server, TestContext.Current.CancellationToken)).Document);

        disk.Empty();
        await drafts.SaveAsync(ann, server, basis, second, TestContext.Current.CancellationToken);
        Assert.Equal(second, Assert.Single(await drafts.OfAsync(ann, server, TestContext.Current.CancellationToken)).Document);
        SqliteConnection.ClearAllPools();
    }

    private static SettingsDocument Text(string text) => SettingsDocument.Empty.With(new Setting(OptionPath.Of("a", "b"), new NixText(text)));

    private static async Task<SaveOutcome> SaveAsync(ServerSettings settings, long value)
    {
        var now = await settings.ReadAsync();
        return await settings.SaveAsync(now, now.Document.With(new Setting(OptionPath.Of("a", "b"), new NixInteger(value))), new CommitWords("Ann", "ann@example.org", DateTimeOffset.UnixEpoch.AddMinutes(1), "A change", ""));
    }

    private static async Task<int> ToolAsync(string program, params string[] arguments)
    {
        await using var tool = ChildProcess.Start($"/usr/bin/{program}", arguments);
        tool.Input.Close();
        await tool.Output.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);
        return await tool.Ended;
    }

    /// <summary>A file system of its own over a folder.</summary>
    private sealed class SmallDisk(string folder) : IAsyncDisposable
    {
        private string Ballast => Path.Combine(folder, "ballast");

        public static async Task<SmallDisk> MountAsync(string folder, long bytes)
        {
            Assert.Equal(0, await ToolAsync("mount", "-t", "tmpfs", "-o", $"size={bytes}", "tmpfs", folder));
            return new SmallDisk(folder);
        }

        /// <summary>Leaves so many bytes.</summary>
        public void Fill(int left)
        {
            using var file = File.Open(Ballast, FileMode.Create);
            var page = new byte[Page];
            try
            {
                while (true)
                {
                    file.Write(page);
                    file.Flush();
                }
            }
            catch (IOException)
            {
                file.SetLength(file.Length / Page * Page - left);
            }
        }

        public void Empty() => File.Delete(Ballast);

        public async ValueTask DisposeAsync() => await ToolAsync("umount", "-l", folder);
    }
}
