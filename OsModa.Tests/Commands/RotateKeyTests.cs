using OsModa.Core.Ledger.Checking;
using OsModa.Dashboard.Commands;
using OsModa.Tests.Ledger;
using OsModa.Tests.Ledger.Bundles;
using Xunit;

namespace OsModa.Tests.Commands;

public sealed class RotateKeyTests
{
    [Fact]
    public async Task All_logs_get_new_keys_and_go_on_under_them()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        var old = ledger.Key;
        string said = "", errors = "";
        var exit = -1;
        await ledger.ReopenAsync(() => (exit, said, errors) = Run("--why", "the disk was sold", ledger.Settings.File));

        Assert.Equal((0, ""), (exit, errors));
        Assert.Equal(2, said.Split('\n').Count(static line => line.StartsWith("KEY   ledger.example/ledger/", StringComparison.Ordinal)));
        Assert.Contains($"KEY   {ledger.Key}\n", said, StringComparison.Ordinal);
        await ledger.SignAsync();
        Assert.Equal(CheckResult.Ok, ledger.Check(old).Result);
        Assert.Equal("the disk was sold", ledger.Queries.Entry(TestLedger.Ours, 6)!.Action!.Why);
    }

    [Fact]
    public async Task A_ledger_in_use_is_left_alone()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();

        var (exit, said, errors) = Run("--why", "x", ledger.Settings.File);

        Assert.Equal((1, ""), (exit, said));
        Assert.Contains("another process has it", errors, StringComparison.Ordinal);
        Assert.Equal(6, ledger.Queries.State(TestLedger.Ours)!.Size);
    }

    [Theory]
    [InlineData("Say why", "/no/such/file")]
    [InlineData("--why wants something after it.", "--why")]
    [InlineData("There is no option --wy.", "--wy", "x")]
    [InlineData("There is no file /no/such/file.", "--why", "x", "/no/such/file")]
    [InlineData("Only one ledger", "--why", "x", "a", "b")]
    [InlineData("Say in one line", "--why", " ", "a")]
    public void What_is_given_wrongly_is_said(string sentence, params string[] arguments)
    {
        var (exit, said, errors) = Run(arguments);

        Assert.Equal((1, ""), (exit, said));
        Assert.StartsWith(sentence, errors, StringComparison.Ordinal);
    }

    private static (int Exit, string Said, string Errors) Run(params string[] arguments)
    {
        using var said = new StringWriter();
        using var errors = new StringWriter();
        var exit = Command.Of(["ledger", "rotate-key", .. arguments])!.Run(said, errors);
        return (exit, said.ToString(), errors.ToString());
    }
}
