using System.Text;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Configuration;
using Xunit;

namespace OsModa.Tests.Configuration;

/// <summary>A module for secrets comes into files that were made here, by a proposal; those of a person stay theirs.</summary>
public sealed class SetUpSecretsTests : AdoptionRoom
{
    private const string Folder = "servers/web1";

    private static SecretModule Sops => SecretModule.All[0];

    private static SecretModule Agenix => SecretModule.All[1];

    private SetUpSecrets SetUp => new(Room.Database, Repositories, Check, new ProposalNews(), Room.Ledger.Writer, Room.Clock);

    [Fact]
    public async Task The_flake_gets_an_input_and_the_server_a_file_that_imports_it()
    {
        await FlakeAsync();

        var proposal = Value(await SetUp.RunAsync(Room.Ann, Form(Sops), Stop));

        Assert.Equal(("sops-nix is set up for web1", ProposalState.Open), (proposal.Title, proposal.State));
        var view = (await List.FindAsync(Bob, proposal.Id, Stop))!;
        Assert.Equal(["flake.nix", $"{Folder}/default.nix", $"{Folder}/sops-nix.nix"], view.Files.Select(file => file.Path));
        Assert.Equal([Room.Server.Id], Value(await Merge.RunAsync(Room.Ann, proposal.Id, Stop)).Servers);
        Assert.Contains("  inputs.sops-nix = { url = \"github:Mic92/sops-nix\"; inputs.nixpkgs.follows = \"nixpkgs\"; };\n", await TextAsync("flake.nix"), StringComparison.Ordinal);
        Assert.Contains("specialArgs = { inherit inputs; };", await TextAsync("flake.nix"), StringComparison.Ordinal);
        Assert.Contains("imports = [ ./settings.nix ./sops-nix.nix ]", await TextAsync($"{Folder}/default.nix"), StringComparison.Ordinal);
        Assert.Contains("imports = [ inputs.sops-nix.nixosModules.sops ];", await TextAsync($"{Folder}/sops-nix.nix"), StringComparison.Ordinal);
        Assert.StartsWith("sops-nix is imported already.", (await SetUp.RunAsync(Room.Ann, Form(Sops), Stop)).Errors[""], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_module_comes_beside_the_first()
    {
        await FlakeAsync();
        Value(await Merge.RunAsync(Room.Ann, Value(await SetUp.RunAsync(Room.Ann, Form(Agenix), Stop)).Id, Stop));
        Assert.Equal([Sops], (await SetUp.FindAsync(Bob, Room.Server.Id, Stop)).Missing);

        Value(await Merge.RunAsync(Room.Ann, Value(await SetUp.RunAsync(Room.Ann, Form(Sops), Stop)).Id, Stop));

        Assert.Equal((SecretFiles.Flake(SecretModule.All), SecretFiles.Server(SecretModule.All)), (await TextAsync("flake.nix"), await TextAsync($"{Folder}/default.nix")));
        Assert.Empty((await SetUp.FindAsync(Bob, Room.Server.Id, Stop)).Missing);
    }

    [Fact]
    public async Task A_second_click_joins_the_proposal_that_is_open_and_a_second_person_is_asked_where_that_is_wanted()
    {
        await FlakeAsync();

        var first = Value(await SetUp.RunAsync(Room.Ann, Form(Sops) with { NeedsApproval = true }, Stop));
        var second = Value(await SetUp.RunAsync(Bob, Form(Sops), Stop));

        Assert.Equal(first.Id, second.Id);
        Assert.Equal("It waits for the approval of a second person.", (await Merge.RunAsync(Room.Ann, first.Id, Stop)).Errors[""]);
        Assert.Null(await Close.RunAsync(Bob, first.Id, Stop));
        Assert.NotEqual(first.Id, Value(await SetUp.RunAsync(Bob, Form(Sops), Stop)).Id);
    }

    [Theory]
    [InlineData("flake.nix")]
    [InlineData($"{Folder}/default.nix")]
    public async Task A_file_that_a_person_changed_is_never_rewritten(string path)
    {
        await FlakeAsync();
        await WriteAsync(path, "{ }\n");

        var found = await SetUp.FindAsync(Bob, Room.Server.Id, Stop);
        var refused = await SetUp.RunAsync(Room.Ann, Form(Sops), Stop);

        Assert.Equal((SecretsWay.Flake, "flake.nix"), (found.Way, found.File));
        Assert.Contains("yours to change", refused.Errors[""], StringComparison.Ordinal);
        Assert.Empty(await List.ListAsync(Bob, Stop));
    }

    [Fact]
    public async Task A_file_of_the_same_name_is_not_overwritten()
    {
        await FlakeAsync();
        await WriteAsync($"{Folder}/sops-nix.nix", "{ }\n");

        Assert.StartsWith($"There is a file {Folder}/sops-nix.nix already", (await SetUp.RunAsync(Room.Ann, Form(Sops), Stop)).Errors[""], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SourceKind.Channel, false, SecretsWay.Channel, $"{Folder}/configuration.nix")]
    [InlineData(SourceKind.Flake, true, SecretsWay.Flake, $"{Folder}/flake.nix")]
    public async Task Where_there_is_no_flake_of_ours_the_file_to_change_is_told(SourceKind kind, bool own, SecretsWay way, string file)
    {
        Assert.Equal(SecretsWay.NotAdopted, (await SetUp.FindAsync(Bob, Room.Server.Id, Stop)).Way);
        await FlakeAsync(kind, own);

        var found = await SetUp.FindAsync(Bob, Room.Server.Id, Stop);

        Assert.Equal((way, file, 2), (found.Way, found.File, found.Missing.Length));
        Assert.False((await SetUp.RunAsync(Room.Ann, Form(Sops), Stop)).Done);
    }

    [Fact]
    public async Task Who_may_only_look_proposes_nothing_and_a_production_server_asks_why()
    {
        await FlakeAsync();
        var context = Room.Database.OpenForAll();
        await using (context)
        {
            (await context.Servers.SingleAsync(server => server.Id == Room.Server.Id, Stop)).Tags.Add("production");
            await context.SaveChangesAsync(Stop);
        }

        Assert.StartsWith("You may look", (await SetUp.RunAsync(Bob with { Role = Role.Viewer }, Form(Sops), Stop)).Errors[""], StringComparison.Ordinal);
        Assert.Equal("Say why: web1 is tagged production.", (await SetUp.RunAsync(Room.Ann, Form(Sops), Stop)).Errors[nameof(SecretsForm.Reason)]);
        Assert.Equal("For the mail.", Value(await SetUp.RunAsync(Room.Ann, Form(Sops) with { Reason = " For the mail. " }, Stop)).Reason);
    }

    private SecretsForm Form(SecretModule module) => new() { Server = Room.Server.Id, Module = module };

    private async Task FlakeAsync(SourceKind kind = SourceKind.Flake, bool own = false)
    {
        await BeginUnadoptedAsync();
        var context = Room.Database.OpenForAll();
        await using (context)
        {
            context.ServerSources.Add(new ServerSource { ServerId = Room.Server.Id, OrganisationId = Room.Server.OrganisationId, Kind = kind, OwnFlake = own, FlakeName = "web1", AdoptedAt = Room.Clock.GetUtcNow() });
            await context.SaveChangesAsync(Stop);
        }
    }

    private async Task WriteAsync(string path, string text)
    {
        var repository = await Repositories.OfAsync(Room.Server.OrganisationId);
        await repository.CommitAsync(await repository.HeadAsync(), new Dictionary<string, byte[]?>(StringComparer.Ordinal) { [path] = Encoding.UTF8.GetBytes(text) }, new CommitWords("Bob", "", Room.Clock.GetUtcNow(), "By hand", ""));
    }

    private async Task<string> TextAsync(string path)
    {
        var repository = await Repositories.OfAsync(Room.Server.OrganisationId);
        return Encoding.UTF8.GetString((await repository.ReadAsync((await repository.HeadAsync())!.Value, ""))[path]);
    }
}
