using Bunit;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Dashboard.Live;
using OsModa.Dashboard.Pages.Rollback;
using Xunit;

namespace OsModa.Tests.Pages;

public sealed class OperationStoryTests : BunitContext
{
    private static readonly StorePath Old = StorePath.Parse("/nix/store/0123456789abcdfghijklmnpqrsvwxyz-nixos-41"), New = StorePath.Parse("/nix/store/1123456789abcdfghijklmnpqrsvwxyz-nixos-42");

    public OperationStoryTests() => Services.AddSingleton<TimeProvider>(new HandClock());

    [Theory]
    [InlineData("kernel initrd kernel-modules", "The new kernel comes with the next restart")]
    [InlineData("initrd systemd", "The new boot image and systemd come with the next restart")]
    public void What_only_a_restart_brings_is_a_sentence(string parts, string sentence) =>
        Assert.Contains(sentence, Tell(Noting(parts)).Find(".notes").TextContent, StringComparison.Ordinal);

    private static SwitchProgress Noting(string parts) => new(Guid.CreateVersion7(), Old, [], []) { Notes = [new SwitchNote(TimeSpan.FromSeconds(1), "reboot", null, parts)] };

    private IRenderedComponent<OperationStory> Tell(SwitchProgress progress)
    {
        var row = new Operation
        {
            Id = Guid.CreateVersion7(), OrganisationId = Guid.NewGuid(), ServerId = ServerId.New(), Kind = OperationKind.RollBack, TargetGeneration = 41, TargetSystem = Old.Text, FromGeneration = 42, FromSystem = New.Text,
            Reason = "", AuthorId = Guid.NewGuid(), AuthorName = "Ann", StartedAt = DateTimeOffset.UnixEpoch, State = OperationState.Running,
        };
        var server = new ServerCard(row.ServerId, row.OrganisationId, "web1", "web1.example", [], DateTimeOffset.UnixEpoch);
        return Render<OperationStory>(set => set.Add(story => story.Server, server).Add(story => story.Tale, new OperationTale(row, progress, new ServerState { Server = server.Id })));
    }
}
