using Bunit;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Bundles;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Storage;
using OsModa.Dashboard.Pages.Audit;
using OsModa.Tests.Ledger.Bundles;
using Xunit;

namespace OsModa.Tests.Pages;

public sealed class CheckFilePageTests : PageRoom
{
    private static CancellationToken Stop => Xunit.TestContext.Current.CancellationToken;

    private LedgerStore Store => Services.GetRequiredService<LedgerStore>();

    [Fact]
    public async Task A_file_of_our_own_ledger_is_held_against_the_ledger_here()
    {
        var file = await ExportAsync();
        await Services.GetRequiredService<LedgerWriter>().NoticeAsync(LedgerActor.Of(Ann), "later", "");
        var page = Render<CheckFilePage>();

        Choose(page, file);

        page.WaitForAssertion(() => Assert.Equal("All 2 entries are as they were signed.", page.Find(".verdict").TextContent));
        // Taking it away were three more: what was meant, what came of it, and what came later.
        Assert.Contains("The ledger here has 5 entries and continues what is in the file.", page.Find(".ledger-told").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_file_is_named_where_it_breaks()
    {
        var page = Render<CheckFilePage>();

        Choose(page, TestBundle.Forge(await ExportAsync(), (name, data) => name.StartsWith("tile/entries", StringComparison.Ordinal) ? [.. data[..^1], 0] : data));

        page.WaitForAssertion(() => Assert.Equal("Does not verify at entry 1: it is not what was written.", page.Find(".verdict").TextContent));
        Assert.NotNull(page.Find(".proof svg.broken"));
    }

    [Fact]
    public async Task A_file_of_another_ledger_needs_a_key_from_elsewhere()
    {
        await using var other = await TestBundle.SmallLedgerAsync();
        var (file, page) = (TestBundle.Make(other), Render<CheckFilePage>());

        Choose(page, file);
        page.WaitForAssertion(() => Assert.Contains("But the key is only what the file says of itself", page.Find(".verdict").TextContent, StringComparison.Ordinal));

        await page.Find("#check-key").ChangeAsync(new() { Value = other.Key.ToString() });
        Choose(page, file);
        page.WaitForAssertion(() => Assert.Equal("All 6 entries are as they were signed.", page.Find(".verdict").TextContent));
        Assert.Contains("which is not your organisation's", page.Find(".ledger-told").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_export_or_no_key_is_said_and_nothing_breaks()
    {
        var page = Render<CheckFilePage>();

        Choose(page, [1, 2, 3]);
        page.WaitForAssertion(() => Assert.Equal("This is no export of a ledger: it is too short.", page.Find(".verdict").TextContent));

        await page.Find("#check-key").ChangeAsync(new() { Value = "<b>nonsense" });
        Choose(page, [1, 2, 3]);
        page.WaitForAssertion(() => Assert.Contains("This is no key of a log or witness.", page.Find("#check-key-error").TextContent, StringComparison.Ordinal));
        Assert.Empty(page.FindAll(".verdict"));
    }

    [Fact]
    public async Task A_file_that_has_more_than_the_ledger_here_is_evidence()
    {
        var file = await ExportAsync();
        using var reader = Store.Open(Ann.OrganisationId)!;
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Services.GetRequiredService<LedgerSettings>().File};Pooling=False");
        connection.Open();
        connection.Run("UPDATE log SET size = 1 WHERE id = ?1", reader.Log.Id);
        var page = Render<CheckFilePage>();

        Choose(page, file);

        page.WaitForAssertion(() => Assert.Equal("The file is right and has 2 entries, but the ledger here has only 1: its newest are gone. Keep the file: it is evidence.", page.Find(".verdict").TextContent));
    }

    [Fact]
    public async Task A_file_is_received_only_when_the_one_before_it_is_checked_and_none_stays()
    {
        var (export, kept) = (Services.GetRequiredService<CheckExport>(), Services.GetRequiredService<StorageSettings>().ReceivedFile);
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = 0;
        var (first, second) = (export.RunAsync(Ann, ReceiveAsync, null, null, Stop), export.RunAsync(Ann, ReceiveAsync, null, null, Stop));

        Assert.Equal(1, begun);
        Assert.True(File.Exists(kept));
        arrived.SetResult();
        var verdicts = await Task.WhenAll(first, second);

        Assert.All(verdicts, static verdict => Assert.Equal("This is no export of a ledger: it is too short.", verdict.Report.Sentence));
        Assert.Equal(2, begun);
        Assert.False(File.Exists(kept));

        Task ReceiveAsync(Stream to, CancellationToken cancellationToken)
        {
            begun++;
            to.WriteByte(1);
            return arrived.Task.WaitAsync(cancellationToken);
        }
    }

    private async Task<byte[]> ExportAsync()
    {
        await AddServerAsync("web1");
        await Services.GetRequiredService<Publisher>().PublishAsync(Stop);
        using var to = new MemoryStream();
        var result = await Services.GetRequiredService<ExportLedger>().BundleAsync(Ann, new BundleRequest(), null, Stop);
        await using (result.Value!)
        {
            await result.Value!.WriteAsync(to, Stop);
        }

        return to.ToArray();
    }

    private static void Choose(IRenderedComponent<CheckFilePage> page, byte[] file) =>
        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromBinary(file, "ledger.zip"));
}
