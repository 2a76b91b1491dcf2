using System.Diagnostics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Ssh;

public sealed class RemoteCommandTests
{
    // Prints each argument followed by NUL, which no argument can hold.
    private static readonly RemoteScript Echo = new("echo.sh", "for a in \"$@\"; do printf '%s\\0' \"$a\"; done");

    [Theory]
    [InlineData("sh")]
    [InlineData("bash")]
    public void Any_arguments_arrive_as_they_are(string shell) =>
        Prop.ForAll(Arguments(), arguments => Assert.Equal(arguments, RunEcho(shell, arguments)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(150));

    [Fact]
    public void Text_that_shells_love_arrives_as_it_is()
    {
        string[] nasty =
        [
            "", " ", "'", "''", "\"", "\\", "\\'", "$HOME", "$(id)", "`id`", "a;b", "a&b", "a|b", "!!", "!x", "*", "?", "~", "-n", "--", "-c",
            "\n", "a\nb\n\n", "\r\n", "\t", "{", "}", "}\n{", "\u00e9\u4e16\U0001F600\u202e", "EOF\nEOF", "#", "%s%n", "\u0001\u007f", new string('x', 20_000),
        ];
        Assert.Equal(nasty, RunEcho("sh", nasty));
    }

    [Theory]
    [InlineData(0x0000)]
    [InlineData(0xd800)]
    [InlineData(0xdc00)]
    public void What_no_argument_can_hold_is_refused(int character) =>
        Assert.ThrowsAny<ArgumentException>(() => RemoteCommand.Build(Echo, [$"a{(char)character}b"], Privilege.Login));

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a'b")]
    [InlineData("-x")]
    [InlineData("a;b")]
    public void A_script_with_a_strange_name_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => RemoteCommand.Build(new RemoteScript(name, ":"), [], Privilege.Login));

    [Fact]
    public void The_login_shell_sees_no_text_of_the_arguments() =>
        Prop.ForAll(Arguments(), arguments =>
            {
                foreach (var privilege in Enum.GetValues<Privilege>())
                {
                    var line = RemoteCommand.Build(Echo, arguments, privilege).Line;
                    Assert.Matches(@"\Aexec /bin/sh -c [A-Za-z0-9 /:;=.$(){}'""\-]+\z", line);
                }
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void A_program_cut_off_on_the_way_runs_not_at_all()
    {
        var command = RemoteCommand.Build(new RemoteScript("two.sh", "echo one\necho two"), [], Privilege.Login);
        for (var length = 0; length < command.Input.Length; length++)
        {
            var (output, _) = Run("sh", command with { Input = command.Input[..length] }, hangUp: true);
            Assert.DoesNotContain("one", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_exit_status_is_the_scripts() =>
        Assert.Equal(37, Run("sh", RemoteCommand.Build(new RemoteScript("exit.sh", "exit 37"), [], Privilege.Login)).Status);

    [Fact]
    public async Task A_quiet_script_and_its_children_end_when_standard_input_is_closed()
    {
        var command = RemoteCommand.Build(new RemoteScript("quiet.sh", "sleep 1000 & echo $!; wait"), [], Privilege.Login);
        // A group of its own, as sshd makes for each command: the lifeline ends the whole group.
        using var process = Start("setsid", ["--wait", "sh", "-c", command.Line]);
        await process.StandardInput.BaseStream.WriteAsync(command.Input, TestContext.Current.CancellationToken);
        await process.StandardInput.BaseStream.FlushAsync(TestContext.Current.CancellationToken);
        var child = 0;
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && !int.TryParse(line, out child))
        {
        }

        // In the middle of becoming another program it has no command line for a moment.
        await Eventually.TrueAsync(() => Runs(child));
        Assert.False(process.HasExited, "The script does not run any more.");

        process.StandardInput.Close();
        // The sleeping child holds standard output open: its end is the end of both.
        await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => !Runs(child));
    }

    // One that has ended has no command line any more, also while nobody has asked how it ended.
    private static bool Runs(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Length > 0;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static Arbitrary<string[]> Arguments() =>
        Gen.OneOf(
                ArbMap.Default.GeneratorFor<string>(),
                Gen.Elements('\'', '"', '\\', '\n', '$', '`', '!', ' ', '*', '{', '}', '%', 'é', '世').ListOf().Select(c => string.Concat(c)))
            .Where(s => s is not null && !s.Contains('\0', StringComparison.Ordinal) && !s.Any(char.IsSurrogate))
            .ArrayOf()
            .ToArbitrary();

    private static string[] RunEcho(string shell, string[] arguments)
    {
        var (output, status) = Run(shell, RemoteCommand.Build(Echo, arguments, Privilege.Login));
        Assert.Equal(0, status);
        var begin = RemoteCommand.Marker + "\n";
        return output[(output.IndexOf(begin, StringComparison.Ordinal) + begin.Length)..].Split('\0')[..^1];
    }

    private static (string Output, int Status) Run(string shell, RemoteCommand command, bool hangUp = false)
    {
        using var process = Start("setsid", ["--wait", shell, "-c", command.Line]);
        process.StandardInput.BaseStream.Write(command.Input.Span);
        process.StandardInput.BaseStream.Flush();
        if (hangUp)
        {
            process.StandardInput.Close();
        }

        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (output, process.ExitCode);
    }

    private static Process Start(string file, string[] arguments) => Process.Start(new ProcessStartInfo(file, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        StandardOutputEncoding = new UTF8Encoding(false),
        UseShellExecute = false,
    })!;
}
