using System.Diagnostics;

namespace OsModa.Tests;

/// <summary>
/// A program that a test writes and that something starts right away. The file is written by a process of its own: were it open for writing
/// here while another test starts a process, that child would hold it open too, and Linux would not start it (ETXTBSY, execve(2)).
/// </summary>
internal static class ShellProgram
{
    public static async Task WriteAsync(string path, string text)
    {
        using var install = Process.Start(new ProcessStartInfo("install", ["-m", "700", "/dev/stdin", path]) { RedirectStandardInput = true, UseShellExecute = false })!;
        await install.StandardInput.WriteAsync(text);
        install.StandardInput.Close();
        await install.WaitForExitAsync();
        if (install.ExitCode != 0)
        {
            throw new IOException($"{path} was not written.");
        }
    }
}
