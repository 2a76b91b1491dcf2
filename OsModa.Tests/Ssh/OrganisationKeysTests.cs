using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Ssh;

public sealed class OrganisationKeysTests : IAsyncLifetime
{
    private ShellsOfDatabase _one = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _one = await ShellsOfDatabase.OpenAsync();

    public async ValueTask DisposeAsync() => await _one.DisposeAsync();

    [Fact]
    public async Task An_organisation_has_one_key_whoever_asks_first()
    {
        var keys = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => _one.Keys.PublicKeyAsync(_one.Owner.OrganisationId, Cancelled))));

        Assert.Matches(@"\Assh-ed25519 [A-Za-z0-9+/=]+ osmoda-[0-9a-f]{6}\z", Assert.Single(keys.Distinct()));
    }

    [Fact]
    public async Task Organisations_have_different_keys()
    {
        var other = await _one.OrganisationAsync("Other");

        Assert.NotEqual(await _one.Keys.PublicKeyAsync(_one.Owner.OrganisationId, Cancelled), await _one.Keys.PublicKeyAsync(other.OrganisationId, Cancelled));
    }

    [Fact]
    public async Task The_database_file_holds_nothing_of_the_private_key()
    {
        var organisation = _one.Owner.OrganisationId;
        using var pair = await _one.Keys.PairAsync(organisation, Cancelled);
        var lines = Encoding.ASCII.GetString(pair.PrivateKey.Reveal().Span).Split('\n');
        Assert.Equal("-----BEGIN OPENSSH PRIVATE KEY-----", lines[0]);

        await using var context = _one.Database.OpenFor(organisation);
        await context.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)", Cancelled);
        var file = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(new SqliteConnectionStringBuilder(context.Database.GetConnectionString()).DataSource, Cancelled));

        Assert.Contains(pair.PublicKey.Split(' ')[1], file, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", file, StringComparison.Ordinal);
        Assert.DoesNotContain(lines[2], file, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_of_two_organisations_swapped_in_the_database_do_not_open()
    {
        var other = await _one.OrganisationAsync("Other");
        await _one.Keys.PublicKeyAsync(_one.Owner.OrganisationId, Cancelled);
        await _one.Keys.PublicKeyAsync(other.OrganisationId, Cancelled);
        await using (var context = _one.Database.OpenForAll())
        {
            await context.Database.ExecuteSqlRawAsync("""UPDATE "OrganisationKeys" SET "SealedPrivateKey" = (SELECT o."SealedPrivateKey" FROM "OrganisationKeys" o WHERE o."OrganisationId" <> "OrganisationKeys"."OrganisationId")""", Cancelled);
        }

        var refusal = await Assert.ThrowsAsync<ConnectionException>(() => _one.Keys.PairAsync(_one.Owner.OrganisationId, Cancelled));

        Assert.Equal(ConnectionFaultKind.Ours, refusal.Fault.Kind);
        Assert.Contains("another row", refusal.Fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_holds_the_key_of_its_organisation_and_no_other()
    {
        var other = await _one.OrganisationAsync("Other");
        var place = Directory.CreateTempSubdirectory("agent-").FullName;
        var programs = SshPrograms.Find();
        using (var folder = SshFolder.Open(new SshSettings { RuntimeFolder = place }))
        {
            await using var agents = new SshAgents(programs, folder, _one.Keys.PairAsync);
            foreach (var organisation in new[] { _one.Owner.OrganisationId, other.OrganisationId })
            {
                var key = await agents.ForAsync(organisation, Cancelled);
                await using var list = ChildProcess.Start(programs.SshAdd, ["-L"], key.Socket);
                var line = await new LineReader(list.Output).ReadLineAsync(Cancelled);

                Assert.Equal(await _one.Keys.PublicKeyAsync(organisation, Cancelled), Encoding.ASCII.GetString(line!));
                Assert.Equal(0, await list.Ended);
                Assert.Equal(key, await agents.ForAsync(organisation, Cancelled));
            }
        }

        Directory.Delete(place, recursive: true);
    }
}
