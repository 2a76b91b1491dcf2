using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <summary>
/// Has a configuration evaluated and built for one server, on that server or on another one: what it asks for is handed over whole, and from then on
/// neither a connection nor the dashboard is needed.
/// </summary>
public sealed class RunCheck(Database database, Fleet fleet, ShellOf shells, ConfigurationRepositories repositories, CheckWatch watch, CheckRows rows, LedgerWriter ledger, TimeProvider time)
{
    internal const string GoesOn = "The server does not answer, so the checks go on there.";

    /// <summary>For sending the files, and for the machine to say that it has begun.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    /// <param name="caller">Must be allowed to act on servers.</param>
    /// <param name="request">The sheet. A sheet that was sent before gives the run that it began.</param>
    /// <param name="cancellationToken">Stops before the intent is written.</param>
    public async Task<Result<CheckRun>> StartAsync(Caller caller, CheckRequest request, CancellationToken cancellationToken)
    {
        if (!caller.MayAct)
        {
            return FieldErrors.Of("", "You may look at this configuration, not have it built. Somebody with the role operator can.");
        }

        var context = database.OpenFor(caller);
        await using (context)
        {
            if (await context.CheckRuns.AsNoTracking().SingleOrDefaultAsync(r => r.Id == request.Sheet, cancellationToken) is { } before)
            {
                return before;
            }

            var source = await context.ServerSources.AsNoTracking().SingleOrDefaultAsync(s => s.ServerId == request.Server, cancellationToken) ?? NotAdopted(caller, request.Server);
            if (await FaultAsync(context, request with { Builder = request.Builder ?? source.BuilderId }, cancellationToken) is { } fault)
            {
                return fault;
            }

            var server = await context.Servers.AsNoTracking().SingleAsync(s => s.Id == request.Server, cancellationToken);
            if (source.Kind == SourceKind.Channel && (request.Builder ?? source.BuilderId) is { } elsewhere && elsewhere != request.Server
                && await SameNixpkgs.FaultAsync(shells, server, await context.Servers.AsNoTracking().SingleAsync(s => s.Id == elsewhere, cancellationToken), time, cancellationToken) is { } other)
            {
                return FieldErrors.Of(nameof(CheckRequest.Builder), other);
            }

            Result<CheckedFiles> read;
            try
            {
                read = await CheckedFiles.ReadAsync(await repositories.OfAsync(caller.OrganisationId), server, request);
            }
            catch (Exception broken) when (broken is RepositoryException or FormatException)
            {
                return FieldErrors.Of("", broken.Message);
            }

            if (!read.Done)
            {
                return read.Errors;
            }

            if (CheckOrder.Pack(read.Value.Files, read.Value.Executables) is not { } packed)
            {
                return FieldErrors.Of("", $"The configuration is larger than {CheckOrder.MostBytes / 1024 / 1024} MiB packed, which is more than is sent to a server. Take large files out of the repository.");
            }

            return await BeginAsync(caller, context, Row(caller, request, source, read.Value), CheckOrder.Text(source, ServerSettings.FolderOf(server.Name), read.Value.Fields), packed, cancellationToken);
        }
    }

    /// <summary>Ends a run of checks; what was built by then stays in the store.</summary>
    /// <returns>Why nothing came of it, in one sentence; null when it ends.</returns>
    public async Task<string?> CancelAsync(Caller caller, Guid run, CancellationToken cancellationToken)
    {
        if (!caller.MayAct)
        {
            return "You may look at this configuration, not stop its checks. Somebody with the role operator can.";
        }

        var context = database.OpenFor(caller);
        await using (context)
        {
            if (await context.CheckRuns.AsNoTracking().SingleOrDefaultAsync(r => r.Id == run, cancellationToken) is not { } row)
            {
                return "Your organisation has no such run of checks.";
            }

            if (row.State == CheckState.Running && watch.StopCopy(run))
            {
                return await ledger.DoAsync(caller, "configuration.stop-check", () => Task.FromResult<string?>(null), row.ServerId, CheckRows.Details(row), cancellationToken);
            }

            return row.State != CheckState.Running ? "It is over already." : await ledger.DoAsync(caller, "configuration.stop-check", () => StopAsync(row, cancellationToken), row.ServerId, CheckRows.Details(row), cancellationToken);
        }
    }

    private async Task<string?> StopAsync(CheckRun row, CancellationToken cancellationToken) =>
        await ServerWord.AskAsync(shells, row.BuilderId ?? row.ServerId, CheckScripts.Stop, row.Id, anew: false, TimeSpan.FromSeconds(40), time, cancellationToken) switch
        {
            "stopped" => null,
            "over" => "It is over already.",
            "unknown" => "The server knows nothing of these checks.",
            _ => GoesOn,
        };

    private async Task<FieldErrors?> FaultAsync(DashboardContext context, CheckRequest request, CancellationToken cancellationToken)
    {
        if (!await context.Servers.AnyAsync(s => s.Id == request.Server, cancellationToken))
        {
            return FieldErrors.Of("", "Your organisation has no such server.");
        }

        if (request.Builder is { } builder && !await context.Servers.AnyAsync(s => s.Id == builder, cancellationToken))
        {
            return FieldErrors.Of(nameof(CheckRequest.Builder), "Your organisation has no such server to build on.");
        }

        var machine = request.Builder ?? request.Server;
        return fleet[machine] switch
        {
            { Reach: not Reach.Live } => FieldErrors.Of("", "The server that builds does not answer now. The draft is kept; check it when the server is back."),
            { Host.MayAct: false } => FieldErrors.Of("", "We may only read on the server that builds: the login is not root and has no sudo without a password."),
            _ => null,
        };
    }

    private async Task<Result<CheckRun>> BeginAsync(Caller caller, DashboardContext context, CheckRun row, string order, string packed, CancellationToken cancellationToken)
    {
        context.CheckRuns.Add(row);
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException taken) when (taken.IsDuplicate())
        {
            context.ChangeTracker.Clear();
            return await context.CheckRuns.AsNoTracking().SingleAsync(r => r.Id == row.Id, cancellationToken);
        }

        try
        {
            await ledger.IntendAsync(LedgerActor.Of(caller), CheckRows.Verb, row.ServerId, "", CheckRows.Details(row), row.Id, cancellationToken);
        }
        catch (LedgerDamagedException e)
        {
            await rows.EndAsync(row, CheckSteps.End(CheckSteps.Begin(row.Id, row.BuilderId is not null), CheckState.Failed, LedgerVerbs.NotDone(e)));
            return FieldErrors.Of("", LedgerVerbs.NotDone(e));
        }

        using var limit = new CancellationTokenSource(StartLimit, time);
        if (await CheckScripts.StartAsync(shells, row.BuilderId ?? row.ServerId, row.Id, order, packed, limit.Token) is { } why)
        {
            await rows.EndAsync(row, CheckSteps.End(CheckSteps.Begin(row.Id, row.BuilderId is not null), CheckState.Failed, why));
            return FieldErrors.Of("", why);
        }

        watch.Follow(row);
        return row;
    }

    private CheckRun Row(Caller caller, CheckRequest request, ServerSource source, CheckedFiles files) => new()
    {
        Id = request.Sheet,
        OrganisationId = caller.OrganisationId,
        ServerId = request.Server,
        BuilderId = (request.Builder ?? source.BuilderId) is { } builder && builder != request.Server ? builder : null,
        Commit = files.Commit.Text,
        IsDraft = request.Draft is not null,
        AuthorId = caller.PersonId,
        AuthorName = caller.Name,
        StartedAt = time.GetUtcNow(),
        Touched = string.Join('\n', files.Fields.Select(field => field.Text)),
    };

    private ServerSource NotAdopted(Caller caller, ServerId server) => new() { ServerId = server, OrganisationId = caller.OrganisationId, Kind = SourceKind.Channel, AdoptedAt = time.GetUtcNow() };
}
