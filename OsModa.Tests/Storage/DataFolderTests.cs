using System.Diagnostics;
using OsModa.Core.Storage;
using Xunit;

namespace OsModa.Tests.Storage;

public sealed class DataFolderTests : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("osmoda-folder-");

    private StorageSettings Settings => new() { Folder = Path.Combine(_parent.FullName, "data") };

    [Fact]
    public void The_folder_is_made_for_our_user_alone()
    {
        using var held = DataFolder.Hold(Settings);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Settings.Folder));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Settings.KeyFolder));
    }

    [Fact]
    public void A_folder_that_was_there_and_open_to_others_is_closed_to_them()
    {
        var readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        foreach (var folder in new[] { Settings.Folder, Settings.KeyFolder })
        {
            Directory.CreateDirectory(folder);
            File.SetUnixFileMode(folder, readable);
        }

        using var held = DataFolder.Hold(Settings);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Settings.Folder));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Settings.KeyFolder));
    }

    [Fact]
    public void A_folder_of_others_is_not_closed_to_them_but_refused()
    {
        var open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        Directory.CreateDirectory(Path.Combine(Settings.Folder, "www"));
        File.SetUnixFileMode(Settings.Folder, open);

        var refused = Assert.Throws<StartRefusedException>(() => DataFolder.Hold(Settings));

        Assert.Contains("chmod 700", refused.Message, StringComparison.Ordinal);
        Assert.Equal(open, File.GetUnixFileMode(Settings.Folder));
    }

    [Fact]
    public void A_second_holder_is_refused_and_told_who_has_it()
    {
        using var held = DataFolder.Hold(Settings);

        var refused = Assert.Throws<StartRefusedException>(() => DataFolder.Hold(Settings));

        Assert.Contains($"process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
        Assert.Contains(Settings.Folder, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_can_be_held_again_once_let_go()
    {
        DataFolder.Hold(Settings).Dispose();

        using var again = DataFolder.Hold(Settings);

        Assert.Throws<StartRefusedException>(() => DataFolder.Hold(Settings));
    }

    [Fact]
    public void What_a_killed_process_was_receiving_is_gone_after_the_next_start()
    {
        DataFolder.Hold(Settings).Dispose();
        File.WriteAllText(Settings.ReceivedFile, "half a file");

        using var held = DataFolder.Hold(Settings);

        Assert.False(File.Exists(Settings.ReceivedFile));
    }

    [Fact]
    public void A_file_in_its_place_is_refused_with_words()
    {
        File.WriteAllText(Settings.Folder, "");

        Assert.Throws<StartRefusedException>(() => DataFolder.Hold(Settings));
    }

    [Fact]
    public async Task A_second_process_refuses_to_start()
    {
        using var held = DataFolder.Hold(Settings);
        var program = Path.Combine(AppContext.BaseDirectory, "OsModa.Dashboard.dll");
        using var second = Process.Start(new ProcessStartInfo("dotnet", [program, "--urls", "http://127.0.0.1:0", $"--Storage:Folder={Settings.Folder}"])
        {
            UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        var output = second.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await second.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await second.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        Assert.Equal(1, second.ExitCode);
        Assert.Contains("already uses the data folder", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors + await output, StringComparison.Ordinal);
    }

    public void Dispose() => _parent.Delete(recursive: true);
}
