using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using OsModa.Core.Accounts;
using OsModa.Core.Configuration;
using OsModa.Core.Servers;
using OsModa.Core.Storage;
using OsModa.Demo.Machines;

namespace OsModa.Demo.Life;

/// <summary>
/// Enters what was done to the configuration before the demo began: the repository with its commits, the servers that are read in, two rollouts, and a proposal that waits.
/// The commits are git's and the rows are those that the verbs write; only their times lie before the start.
/// </summary>
public sealed class PastConfiguration(DemoFleet fleet, Database database, ConfigurationRepositories repositories, ProposalNews news, ILogger<PastConfiguration> log)
{
    /// <summary>Once, after the servers and the people are entered; nothing where people have worked already.</summary>
    /// <param name="cancellationToken">The demo is stopped.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var context = database.OpenForAll();
            await using (context)
            {
                if (await context.Organisations.AsNoTracking().SingleOrDefaultAsync(static o => o.Name == Outlines.Harbour, cancellationToken) is { } organisation
                    && !await context.ServerSources.AnyAsync(s => s.OrganisationId == organisation.Id, cancellationToken))
                {
                    await EnterAsync(context, organisation.Id, cancellationToken);
                }
            }
        }
        catch (RepositoryException without)
        {
            log.LogWarning(without, "The demo begins without a repository of the configuration: {Why}", without.Message);
        }
    }

    private async Task EnterAsync(DashboardContext context, Guid organisation, CancellationToken cancellationToken)
    {
        // Data that an earlier version of the demo made has another past.
        var stopped = PastForms.Rollouts[^1].Reason;
        if (!await context.Operations.AnyAsync(o => o.OrganisationId == organisation && o.Reason == stopped, cancellationToken))
        {
            return;
        }

        var servers = fleet.Named.Where(static server => PastForms.Adopted.Contains(server.Name)).ToList();
        var repository = await repositories.OfAsync(organisation);
        if (servers.Count == 0 || await repository.HeadAsync() is not null)
        {
            return;
        }

        var people = await context.Users.AsNoTracking().Join(context.Memberships.Where(m => m.OrganisationId == organisation), static p => p.Id, static m => m.PersonId, static (p, _) => p).ToDictionaryAsync(static p => p.Name, cancellationToken);
        var commits = ImmutableArray.CreateBuilder<CommitId>();
        for (var step = 0; step < PastForms.Steps.Length; step++)
        {
            if (await CommitAsync(repository, commits.Count == 0 ? null : commits[^1], servers, step, people) is not { } made)
            {
                return;     // somebody was faster than the demo: theirs counts
            }

            commits.Add(made);
        }

        context.ServerSources.AddRange(servers.Select(server => new ServerSource
        {
            ServerId = server.Id,
            OrganisationId = organisation,
            Kind = SourceKind.Channel,
            AdoptedSystem = server.Profile.Generations.First().System.Path.Text,
            ReadCommit = commits[0].Text,
            AdoptedAt = At(PastForms.Steps[0].Before),
        }));
        await new PastRolls(context, organisation, Start, servers, commits.ToImmutable(), people).EnterAsync(cancellationToken);
        var proposal = await ProposeAsync(context, organisation, repository, commits[^1], people);
        await context.SaveChangesAsync(cancellationToken);
        news.Tell(proposal);
    }

    private DateTimeOffset Start => fleet.Agenda.WallAt(0);

    private static async Task<Dictionary<string, byte[]?>> FilesAsync(ConfigurationRepository repository, CommitId? basis, string server, SettingsDocument form) =>
        await new ServerSettings(repository, ServerName.TryParse(server, out var name, out var error) ? name : throw new FormatException(error)).FilesAsync(basis, form);

    private async Task<CommitId?> CommitAsync(ConfigurationRepository repository, CommitId? basis, List<DemoServer> servers, int step, Dictionary<string, Person> people)
    {
        var (of, files) = (PastForms.Steps[step], new Dictionary<string, byte[]?>(StringComparer.Ordinal));
        foreach (var server in servers.Where(server => of.Servers.Contains(server.Name)))
        {
            foreach (var (path, contents) in await FilesAsync(repository, basis, server.Name, PastForms.Of(server.Name, step)))
            {
                files[path] = contents;
            }

            foreach (var (path, contents) in step == 0 ? server.Before.Files : ImmutableSortedDictionary<string, byte[]>.Empty)
            {
                files[$"{ServerSettings.FolderOf(server.Name)}/{path}"] = contents;
            }
        }

        return await repository.CommitAsync(basis, files, new CommitWords(of.Person, people[of.Person].Email ?? "", At(of.Before), of.Title, of.Reason));
    }

    private async Task<Proposal> ProposeAsync(DashboardContext context, Guid organisation, ConfigurationRepository repository, CommitId head, Dictionary<string, Person> people)
    {
        const string title = "courier on web2 does not compress yet";
        const string reason = "It crashes at its first delivery there and the server went back. The others can have it; web2 follows when courier is mended.";
        var (noor, jonas, at) = (people["Noor Haddad"], people["Jonas Okafor"], At(TimeSpan.FromHours(3.4)));
        var (id, last) = (Guid.CreateVersion7(at), PastForms.Steps.Length - 1);
        var files = await FilesAsync(repository, head, "web2", PastForms.Of("web2", last).Without(PastForms.Compressed));
        var content = await repository.ProposeAsync(id, head, files, new CommitWords(noor.Name, noor.Email ?? "", at, title, reason));
        var proposal = new Proposal
        {
            Id = id,
            OrganisationId = organisation,
            Title = title,
            Reason = reason,
            AuthorId = noor.Id,
            AuthorName = noor.Name,
            AuthorEmail = noor.Email ?? "",
            At = at,
            ChangedAt = at,
            Basis = head.Text,
            Content = content.Text,
            NeedsApproval = true,
        };
        context.Proposals.Add(proposal);
        var answered = at + TimeSpan.FromMinutes(38);
        context.ProposalComments.Add(new ProposalComment
        {
            Id = Guid.CreateVersion7(answered),
            OrganisationId = organisation,
            ProposalId = id,
            AuthorId = jonas.Id,
            AuthorName = jonas.Name,
            At = answered,
            Version = 1,
            Text = "web2 has the oldest courier of the four, so that fits. Its maker promises a version for next week. Mara, can you look at it?",
        });
        return proposal;
    }

    private DateTimeOffset At(TimeSpan before) => Start - before;
}
