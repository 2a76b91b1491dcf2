using System.Text.Json;
using OsModa.Core.Ledger.Bundles;
using OsModa.Core.Ledger.Notes;
using OsModa.Dashboard.Commands;
using OsModa.Tests.Ledger;
using OsModa.Tests.Ledger.Bundles;
using Xunit;

namespace OsModa.Tests.Commands;

public sealed class VerifyLedgerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osmoda-verify-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_database_in_use_verifies_with_the_keys_beside_it()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();

        var (exit, said, _) = Run(ledger.Settings.File);

        Assert.Equal(0, exit);
        Assert.Contains("OK    ledger.example/ledger/11111111111171118111111111111111: All 6 entries are as they were signed.\n", said, StringComparison.Ordinal);
        Assert.Contains("OK    ledger.example/ledger/root: All 2 entries are ", said, StringComparison.Ordinal);
        Assert.Contains($"      Server {TestLedger.Server}: 3 events of its own chain, whole.", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_way_to_be_wrong_has_its_exit_code()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        using var thief = SignerKey.Generate(ledger.Key.Name);
        var (key, good) = (ledger.Key.ToString(), TestBundle.Make(ledger));
        var export = Write("export.zip", good);
        var edited = Write("edited.zip", TestBundle.Forge(good, (name, data) => name == "tile/entries/000.p/6" ? [.. data[..^1], 0] : data));
        var seen = Write("seen", System.Text.Encoding.UTF8.GetBytes(ledger.Queries.Heads(TestLedger.Ours)[0].Text));
        var cut = Write("cut.zip", TestBundle.Make(ledger, new BundleRequest { Until = 2 }));
        var policy = Write("policy", System.Text.Encoding.UTF8.GetBytes($"witness w {thief.WitnessVerifier}\nquorum w\n"));

        Assert.Equal(0, Run(export, "--key", key).Exit);
        Assert.Equal(0, Run(export, "--key", Write("keys", System.Text.Encoding.UTF8.GetBytes($"\n{key}\n")), "--seen", seen).Exit);
        Assert.Equal(2, Run(edited, "--key", key).Exit);
        Assert.Equal(3, Run(export, "--key", thief.Verifier.ToString()).Exit);
        Assert.Equal(4, Run(cut, "--key", key, "--seen", seen).Exit);
        Assert.Equal(5, Run(export, "--key", key, "--policy", policy).Exit);
        Assert.Equal(5, Run(export).Exit);
        Assert.Equal(6, Run(Write("text.zip", "PK nothing"u8.ToArray()), "--key", key).Exit);
        Assert.Equal(6, Run(Write("text", "nothing"u8.ToArray()), "--key", key).Exit);
    }

    [Fact]
    public async Task A_database_that_was_put_back_is_older_than_what_the_guard_folder_says()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        await ledger.ReopenAsync(() => File.Copy(ledger.Settings.File, ledger.Settings.File + ".backup"));
        await ledger.ActAsync(1);
        await ledger.SignAsync();
        await ledger.ReopenAsync(() => File.Copy(ledger.Settings.File + ".backup", ledger.Settings.File, overwrite: true));

        var (exit, said, _) = Run(ledger.Settings.File);

        Assert.Equal(4, exit);
        Assert.Contains("has 6 entries, but 7 were signed", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_guard_folder_is_found_where_the_dashboard_has_it_and_it_is_said_when_there_is_none()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        var (data, guard) = (Path.GetDirectoryName(ledger.Settings.File)!, ledger.Settings.GuardFolder);
        Assert.DoesNotContain("NOTE", Run(ledger.Settings.File).Said, StringComparison.Ordinal);

        var elsewhere = Path.Combine(_folder.FullName, "guard");
        Assert.Equal(guard, VerifyOptions.GuardOf(ledger.Settings.File, name => name == "Ledger__GuardFolder" ? _folder.FullName : null));
        Assert.Equal(_folder.FullName, VerifyOptions.GuardOf(ledger.Settings.File, name => name == "Ledger__GuardFolder" ? _folder.FullName : data));
        Assert.Null(VerifyOptions.GuardOf(ledger.Settings.File, name => name == "Ledger__GuardFolder" ? elsewhere : data));

        Directory.Move(guard, elsewhere);
        var (exit, said, _) = Run(ledger.Settings.File);
        Assert.Equal(0, exit);
        Assert.Contains("NOTE  It was held against no guard folder, because none was found", said, StringComparison.Ordinal);
        Assert.DoesNotContain("NOTE", Run(ledger.Settings.File, "--guard", elsewhere).Said, StringComparison.Ordinal);
        Assert.Equal((1, $"There is no folder {guard}."), (Run(ledger.Settings.File, "--guard", guard).Exit, Run(ledger.Settings.File, "--guard", guard).Errors[..(20 + guard.Length)]));

        Directory.Move(elsewhere, Path.Combine(data, "last-signed"));
        Assert.Equal(Path.Combine(data, "last-signed"), VerifyOptions.GuardOf(ledger.Settings.File, static _ => null));
        Assert.DoesNotContain("NOTE", Run(ledger.Settings.File).Said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_no_ledger_and_no_crash()
    {
        var held = Write("held.db", "SQLite"u8.ToArray());
        using var holder = new FileStream(held, FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        Assert.Equal(6, Run(held).Exit);
    }

    [Fact]
    public async Task A_log_of_which_a_head_was_seen_and_that_is_not_there_any_more_is_missed()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        var head = ledger.Queries.Heads(TestLedger.Ours)[0].Text;
        var seen = Write("seen", System.Text.Encoding.UTF8.GetBytes("ledger.example/ledger/gone" + head[head.IndexOf('\n', StringComparison.Ordinal)..]));

        var (exit, said, _) = Run(ledger.Settings.File, "--seen", seen);

        Assert.Equal(4, exit);
        Assert.Contains("A signed head of ledger.example/ledger/gone was seen before, and ", said, StringComparison.Ordinal);
        Assert.Equal(0, Run(ledger.Settings.File, "--seen", Write("here", System.Text.Encoding.UTF8.GetBytes(head))).Exit);
    }

    [Fact]
    public async Task Programs_get_the_same_as_json()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        var edited = Write("edited.zip", TestBundle.Forge(TestBundle.Make(ledger), (name, data) => name == "tile/entries/000.p/6" ? [.. data[..^1], 0] : data));

        using var json = JsonDocument.Parse(Run(edited, "--json", "--key", ledger.Key.ToString()).Said);

        var log = json.RootElement.GetProperty("logs")[0];
        Assert.Equal(("content-mismatch", 2), (json.RootElement.GetProperty("result").GetString(), json.RootElement.GetProperty("exitCode").GetInt32()));
        Assert.Equal((5, "Does not verify at entry 5: what is kept beside it is not what was written."), (log.GetProperty("at").GetInt32(), log.GetProperty("sentence").GetString()));
    }

    [Theory]
    [InlineData("There is no option --kay.", "x", "--kay")]
    [InlineData("--key wants something after it.", "x", "--key")]
    [InlineData("This is no key of a log or witness.", "x", "--key", "nonsense")]
    [InlineData("Only one file is checked at a time.", "x", "y")]
    [InlineData("There is no file /no/such/file.", "/no/such/file")]
    public void What_is_given_wrongly_is_said(string sentence, params string[] arguments)
    {
        var (exit, said, errors) = Run(arguments);

        Assert.Equal((1, ""), (exit, said));
        Assert.StartsWith(sentence, errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("ledger", "--help")]
    [InlineData("ledger", "verify", "-h")]
    public void Help_is_there_for_the_asking(params string[] arguments)
    {
        using var said = new StringWriter();

        Assert.Equal(0, Command.Of(arguments)!.Run(said, TextWriter.Null));
        Assert.Contains("ledger verify", said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_command_it_serves_pages() => Assert.Null(Command.Of(["--demo", "--urls", "http://127.0.0.1:5081"]));

    private static (int Exit, string Said, string Errors) Run(params string[] arguments)
    {
        using var said = new StringWriter();
        using var errors = new StringWriter();
        var exit = Command.Of(["ledger", "verify", .. arguments])!.Run(said, errors);
        return (exit, said.ToString(), errors.ToString());
    }

    private string Write(string name, byte[] data)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, data);
        return path;
    }
}
