using OsModa.Core.Ledger.Servers;
using Xunit;

namespace OsModa.Tests.Ledger.Servers;

/// <summary>What a server that means harm can answer about calls of tools.</summary>
public sealed class ToolAnswerTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Calls_are_read_with_time_tool_session_and_success_alone()
    {
        var answer = await AskAsync($"[{TeachdShell.Call("act-2", Noon, "file_write", success: false)},{TeachdShell.Call("act-1", Noon, "shell_exec")}]");

        Assert.True(answer!.IsWhole);
        Assert.Equal([new ToolCall("act-2", Noon.AddTicks(4_567), "file_write", "s-1", true), new ToolCall("act-1", Noon.AddTicks(4_567), "shell_exec", "s-1", false)], answer.Calls);
    }

    [Fact]
    public async Task A_server_without_teachd_and_one_whose_teachd_is_silent_have_nothing_to_say()
    {
        Assert.Null(await ToolAnswer.AskAsync(new TeachdShell(), Noon, TestContext.Current.CancellationToken));
        Assert.Null(await AskAsync(""));
        Assert.Empty((await AskAsync("[]"))!.Calls);
    }

    [Theory]
    [InlineData("<html>502</html>")]
    [InlineData("{\"error\":\"x\"}")]
    [InlineData("null")]
    [InlineData("\"[]\"")]
    public async Task What_is_no_list_makes_no_sense(string says) => await Assert.ThrowsAsync<FormatException>(() => AskAsync(says));

    [Theory]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("[[],{}]")]
    [InlineData("{}")]
    [InlineData("{\"tool\":7,\"ts\":\"2026-01-15T12:00:00Z\"}")]
    [InlineData("{\"tool\":\"shell_exec\",\"ts\":1768478400}")]
    [InlineData("{\"tool\":\"shell_exec\",\"ts\":\"yesterday\"}")]
    [InlineData("{\"tool\":\"\\ud800\",\"ts\":\"2026-01-15T12:00:00Z\"}")]
    [InlineData("{\"tool\":\"rm -rf /; <script>\",\"ts\":\"2026-01-15T12:00:00Z\"}")]
    public async Task What_is_no_call_is_passed_over_and_those_behind_it_are_read(string element)
    {
        var answer = await AskAsync($"[{element},{TeachdShell.Call("act-1", Noon, "shell_exec")}]");

        Assert.Equal("act-1", Assert.Single(answer!.Calls).Id);
        Assert.True(answer.IsWhole);
    }

    [Fact]
    public async Task A_call_without_an_id_or_with_fields_of_other_types_is_still_a_call()
    {
        var answer = await AskAsync("""[{"ts":"2026-01-15T12:00:00Z","tool":"shell_exec","session_id":["x"],"success":"no","id":5}]""");

        Assert.Equal(("shell_exec", "", false), (answer!.Calls[0].Tool, answer.Calls[0].Session, answer.Calls[0].HasFailed));
        Assert.NotEmpty(answer.Calls[0].Id);
    }

    [Theory]
    [InlineData(",{\"id\":\"act-1\",\"ts\":\"2026")]
    [InlineData(",{]")]
    [InlineData("")]
    [InlineData(",[]")]
    public async Task Of_an_answer_that_ends_early_what_has_come_is_taken(string rest)
    {
        var answer = await AskAsync($"[{TeachdShell.Call("act-2", Noon, "shell_exec")}{rest}");

        Assert.Equal("act-2", Assert.Single(answer!.Calls).Id);
        Assert.False(answer.IsWhole);
    }

    [Fact]
    public async Task No_more_calls_are_taken_than_were_asked_for()
    {
        var answer = await AskAsync($"[{string.Join(',', Enumerable.Range(0, 2_000).Select(i => TeachdShell.Call($"act-{i}", Noon, "shell_exec")))}]");

        Assert.Equal(ToolAnswer.Most, answer!.Calls.Count);
        Assert.False(answer.IsWhole);
    }

    [Fact]
    public async Task A_hundred_megabytes_and_brackets_without_end_are_refused_before_they_take_memory()
    {
        string[] packed = [.. TeachdShell.Packed(new byte[100 << 20])];
        var shell = new TeachdShell { Lines = ["part", .. packed, "."] };

        var before = GC.GetAllocatedBytesForCurrentThread();
        var flood = ToolAnswer.AskAsync(shell, Noon, TestContext.Current.CancellationToken);      // all of it happens on this thread
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        await Assert.ThrowsAsync<FormatException>(() => flood);
        Assert.InRange(allocated, 0, 32L << 20);
        Assert.Empty((await AskAsync(new string('[', 1 << 20)))!.Calls);
    }

    [Theory]
    [InlineData("")]
    [InlineData("part")]
    [InlineData("part|%%%|.")]
    [InlineData("part|AAAA|.")]
    [InlineData("hello")]
    [InlineData(".")]
    public async Task What_is_no_answer_of_the_script_makes_no_sense(string lines) =>
        await Assert.ThrowsAsync<FormatException>(() => ToolAnswer.AskAsync(new TeachdShell { Lines = lines.Split('|', StringSplitOptions.RemoveEmptyEntries) }, Noon, TestContext.Current.CancellationToken));

    private static Task<ToolAnswer?> AskAsync(string says) => ToolAnswer.AskAsync(new TeachdShell { Says = says }, Noon, TestContext.Current.CancellationToken);
}
