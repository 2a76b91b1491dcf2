using OsModa.Benchmarks.Pages;
using OsModa.Core.Configuration;
using OsModa.Core.Servers;
using OsModa.Core.Storage;
using OsModa.E2E.Running;
using static Microsoft.Playwright.Assertions;

namespace OsModa.Benchmarks.Options;

/// <summary>
/// How long the form of a server with as many options as NixOS has takes: in the browser, from the click on its link to a topic with its fields, the
/// outline with what is set, and the Nix beside it, all of them live.
/// </summary>
internal static class FormBenchmark
{
    private const int Warm = 5, Measured = 40;
    private const double Limit = 500;

    public static async Task RunAsync()
    {
        await using var product = await Product.StartAsync("--demo", $"--Demo:Password={Demo.Owner.Password}");
        await using var browser = new Browser();
        await using var window = await browser.OpenAsync(product);
        await Demo.Owner.SignInAsync(window);
        await Expect(window.Page.Locator("tbody tr").First).ToBeVisibleAsync();
        var address = await window.Page.GetByRole(Microsoft.Playwright.AriaRole.Link, new() { Name = "build2", Exact = true }).GetAttributeAsync("href") ?? throw new InvalidOperationException("The demo has no server build2.");
        await KeepAsync(Path.Combine(product.DataFolder, "demo"), new ServerId(Guid.Parse(address.Split('/')[^1])));
        var took = new Samples("options.form: page of a topic, ms");
        for (var i = 0; i < Warm + Measured; i++)
        {
            await window.GoAsync($"{address}/generations");
            await Expect(window.Page.Locator(".generation").First).ToBeVisibleAsync();
            var seen = await FirstSight.AfterClickAsync(window.Page, $"{address}/configuration?topic=web", ".outline ul a", ".nix pre", ".topic-fields .option-field");
            if (i >= Warm)
            {
                took.Add(seen.Max());
            }
        }

        Report.Say(took.ToString());
        Report.Metric("options.form.p95", took.Percentile(95), "ms", Limit);
    }

    // As if the server had told them: the demo's own options, which the topics are about, among twenty thousand others.
    private static async Task KeepAsync(string folder, ServerId server)
    {
        var answers = Path.Combine(ProductFiles.Repository, "OsModa.Demo", "Options");
        List<Option> options = [.. OptionsJson.Read(await File.ReadAllBytesAsync(Path.Combine(answers, "schema.json"))), .. ManyOptions.All()];
        var shelf = new SchemaShelf(new StorageSettings { Folder = folder });
        var revision = SchemaShelf.RevisionOf(options);
        var index = shelf.IndexOf(revision, options);
        shelf.Keep(server, new ServerSchema
        {
            Index = index,
            Revision = revision,
            Origin = SchemaOrigin.Evaluated,
            Count = index.Count,
            Here = SchemaShelf.Sorted(OptionsJson.ReadSet(await File.ReadAllBytesAsync(Path.Combine(answers, "set.json")))),
            ReadAt = TimeProvider.System.GetUtcNow(),
            Whole = true,
        });
    }
}
