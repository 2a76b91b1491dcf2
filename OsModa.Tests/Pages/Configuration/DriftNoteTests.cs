using System.Formats.Tar;
using System.IO.Compression;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Configuration;
using OsModa.Dashboard.Live;
using OsModa.Dashboard.Pages.Configuration;
using Xunit;

namespace OsModa.Tests.Pages.Configuration;

/// <summary>A server that somebody switched behind our back, and whose configuration.nix is another one by now.</summary>
public sealed class DriftNoteTests : PageRoom
{
    private const string TakeWords = "Take over what was changed there";

    private Adoption? _taken;

    private static CancellationToken Stop => Xunit.TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_changed_is_proposed_with_a_reason_and_the_page_leads_to_the_proposal()
    {
        var note = await OpenAsync("production");

        await Take(note).ClickAsync(new());
        Assert.Equal("What was changed on web1 is taken over", note.Find("#drift-title").GetAttribute("value"));
        await note.Find("button[data-take-over]").ClickAsync(new());
        await note.WaitForAssertionAsync(() => Assert.Equal("Say why: web1 is tagged production.", note.Find("#drift-reason-error").TextContent));
        Assert.Empty(await ProposalsAsync());

        await note.Find("#drift-reason").ChangeAsync(new() { Value = "It was urgent." });
        await note.Find("button[data-take-over]").ClickAsync(new());

        await note.WaitForAssertionAsync(() => Assert.Equal(["configuration.nix"], _taken?.Files));
        var proposal = Assert.Single(await ProposalsAsync());
        Assert.StartsWith("It was urgent.", proposal.Reason, StringComparison.Ordinal);
        Assert.Empty(note.FindAll("#drift-reason"));
        Assert.EndsWith($"/servers/web1/configuration?proposal={proposal.Id}", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
        Assert.Equal("First", (await NewestAsync()).Title);
    }

    [Fact]
    public async Task While_it_waits_the_note_says_by_whom_and_leads_to_it()
    {
        var note = await OpenAsync(null);
        await Take(note).ClickAsync(new());
        await note.Find("input[type=checkbox]").ChangeAsync(new() { Value = true });
        await note.Find("button[data-take-over]").ClickAsync(new());
        await note.WaitForAssertionAsync(() => Assert.NotNull(_taken));

        note.Render(parameters => parameters.Add(n => n.Seen, 1));

        await note.WaitForAssertionAsync(() => Assert.Equal($"/servers/web1/configuration?proposal={_taken!.Proposal}", note.Find("a[data-taken-over]").GetAttribute("href")));
        Assert.Equal($"{Ann.Name} proposed to take it over: What was changed on web1 is taken over. It waits for the approval of a second person.", note.Find("a[data-taken-over]").ParentElement?.TextContent);
        Assert.DoesNotContain(note.FindAll("button"), button => button.TextContent == TakeWords);

        // Given up, it can be taken over again.
        Assert.Null(await Services.GetRequiredService<CloseProposal>().RunAsync(Ann, _taken!.Proposal!.Value, Stop));
        note.Render(parameters => parameters.Add(n => n.Seen, 2));
        await note.WaitForAssertionAsync(() => Assert.NotNull(Take(note)));
    }

    private static AngleSharp.Dom.IElement Take(IRenderedComponent<DriftNote> note) => note.FindAll("button").Single(button => button.TextContent == TakeWords);

    private Task<IReadOnlyList<Proposal>> ProposalsAsync() => Services.GetRequiredService<ProposalList>().ListAsync(Ann, Stop);

    private async Task<Commit> NewestAsync() => (await (await RepositoryAsync()).HistoryAsync("servers/web1", 1))[0];

    private Task<ConfigurationRepository> RepositoryAsync() => Services.GetRequiredService<ConfigurationRepositories>().OfAsync(Ann.OrganisationId);

    private async Task<IRenderedComponent<DriftNote>> OpenAsync(string? tags)
    {
        var web1 = await AddServerAsync("web1", tags);
        Fleet.Put(Running(Fleet[web1.Id]) with { Reach = OsModa.Core.Observation.Reach.Stopped });    // so that no checks begin
        var files = new Dictionary<string, byte[]?>(StringComparer.Ordinal) { ["servers/web1/configuration.nix"] = [.. "{ }\n"u8], ["servers/web1/default.nix"] = [.. "{ }\n"u8] };
        var first = await (await RepositoryAsync()).CommitAsync(null, files, new CommitWords("Ann", "", TimeProvider.System.GetUtcNow(), "First", ""));
        var context = Database.OpenFor(Ann);
        await using (context)
        {
            context.ServerSources.Add(new ServerSource { ServerId = web1.Id, OrganisationId = Ann.OrganisationId, Kind = SourceKind.Channel, AdoptedAt = TimeProvider.System.GetUtcNow(), ReadCommit = first!.Value.Text });
            context.CheckRuns.Add(new CheckRun
            {
                Id = Guid.CreateVersion7(), OrganisationId = Ann.OrganisationId, ServerId = web1.Id, Commit = first.Value.Text, IsDraft = false, AuthorId = Ann.PersonId, AuthorName = Ann.Name,
                StartedAt = TimeProvider.System.GetUtcNow(), State = CheckState.Passed, System = SystemOf(41).Text,
            });
            await context.SaveChangesAsync(Stop);
        }

        Shell.Answer = (script, _) => script == "adopt.sh" ? ["source\tchannel", "host\tweb1", $"system\t{SystemOf(42)}", "=" + Packed(), "end\t1"] : [];
        var note = Render<DriftNote>(parameters => parameters.Add(n => n.Server, ServerCard.Of(web1)).Add(n => n.Address, "/servers/web1/configuration").Add(n => n.MayAct, true).Add(n => n.OnTaken, taken => _taken = taken));
        await note.WaitForAssertionAsync(() => Assert.Contains("somebody switched it behind our back", note.Markup, StringComparison.Ordinal));
        return note;
    }

    private static string Packed()
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(zip, TarEntryFormat.Ustar, leaveOpen: true))
        {
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "./configuration.nix") { DataStream = new MemoryStream([.. "{ users.motd = \"By hand\"; }\n"u8]) });
        }

        return Convert.ToBase64String(bytes.ToArray());
    }
}
