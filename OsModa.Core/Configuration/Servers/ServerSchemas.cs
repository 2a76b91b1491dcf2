using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <summary>
/// The options of all servers: read in the background when somebody asks, step by step, and kept. Reading changes nothing on a server; a second
/// one who asks joins the first.
/// </summary>
/// <param name="settings">Where they are kept.</param>
/// <param name="shells">The servers.</param>
/// <param name="configured">What adopted servers are configured with.</param>
/// <param name="time">The clock.</param>
/// <param name="log">For what broke.</param>
public sealed class ServerSchemas(StorageSettings settings, ShellOf shells, ConfiguredSource configured, TimeProvider time, ILogger<ServerSchemas> log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10), ManualPatience = TimeSpan.FromMinutes(2);

    private readonly SchemaShelf _shelf = new(settings);
    private readonly ConcurrentDictionary<ServerId, SchemaState> _states = new();
    private readonly ConcurrentDictionary<ServerId, Lazy<Task>> _reading = new();
    private readonly Listeners<ServerId> _changed = new();

    public SchemaState this[ServerId server] => _states.GetOrAdd(server, id => new SchemaState(_shelf.Read(id)));

    /// <summary>Begins to read a server's options anew, or joins who does; ends when that has ended, well or not.</summary>
    /// <param name="server">One that the caller may see: the page has looked.</param>
    /// <param name="system">Store path of the system that runs now, where that is known.</param>
    public Task ReadAsync(ServerId server, string? system)
    {
        var reading = _reading.GetOrAdd(server, id => new Lazy<Task>(() => Task.Run(() => FollowAsync(id, system))));
        return reading.Value;
    }

    /// <summary>The repository says something else of a server than when its values were read, or says it since.</summary>
    /// <exception cref="RepositoryException">Git failed.</exception>
    public async Task<bool> IsBehindAsync(ServerId server, CancellationToken cancellationToken) =>
        this[server].Schema is { Origin: SchemaOrigin.Evaluated } schema && await configured.ConfigurationAsync(server, cancellationToken) is { } now && schema.Configuration != now;

    /// <summary>Takes options out of an <c>options.json</c> that a person has.</summary>
    /// <exception cref="FormatException">It is no such file.</exception>
    public void Take(ServerId server, ReadOnlyMemory<byte> manual) =>
        Set(server, state => new SchemaState(OfManual(server, [.. OptionsManual.Read(manual)], null, null), state.Step, state.Since));

    /// <summary>Calls <paramref name="changed"/> after what is known of a server has changed, on any thread: it must only set a mark and return.</summary>
    public IDisposable Subscribe(Action<ServerId> changed) => _changed.Add(changed);

    private async Task FollowAsync(ServerId server, string? system)
    {
        var before = this[server];
        Set(server, state => state with { Step = SchemaStep.Asking, Since = time.GetUtcNow(), Fault = null, FailedAt = null });
        try
        {
            using var patience = new CancellationTokenSource(Patience, time);
            var schema = await ReadAsync(server, before.Schema, system, patience.Token);
            Set(server, _ => new SchemaState(schema));
        }
        catch (Exception failed) when (failed is ConnectionException or OperationCanceledException or IOException or RepositoryException)
        {
            var fault = failed is ConnectionException connection ? connection.Fault
                : failed is RepositoryException ? new ConnectionFault(ConnectionFaultKind.Ours, failed.Message)
                : failed is IOException ? new ConnectionFault(ConnectionFaultKind.Ours, $"The options cannot be kept in the data folder: {failed.Message}")
                : new ConnectionFault(ConnectionFaultKind.TimedOut, $"The server took longer than {Patience.TotalMinutes:0} minutes to tell its options.");
            Set(server, state => new SchemaState(state.Schema, Fault: fault, FailedAt: time.GetUtcNow()));
        }
        catch (Exception broken)
        {
            log.LogError(broken, "Reading the options of server {Server} failed", server);
            Set(server, state => new SchemaState(state.Schema, Fault: new ConnectionFault(ConnectionFaultKind.Ours, "Reading the options failed; the dashboard's log says how."), FailedAt: time.GetUtcNow()));
        }
        finally
        {
            _reading.TryRemove(server, out _);
        }
    }

    private async Task<ServerSchema> ReadAsync(ServerId server, ServerSchema? before, string? system, CancellationToken cancellationToken)
    {
        var shell = await shells(server, cancellationToken);
        var here = await SourceOnServer.AskAsync(shell, cancellationToken);
        // What will really be deployed; what lies on an adopted server says nothing of that any more.
        var commit = await configured.FindAsync(server, cancellationToken);
        var made = commit is null ? here : here with { Source = commit, Stamp = $"{here.Stamp}-{commit.Declarations}" };
        if (made.Source is null)
        {
            return made.Manual is { } only
                ? await ReadManualAsync(server, shell, only, made.Stamp, system, cancellationToken)
                : throw new ConnectionException(new ConnectionFault(ConnectionFaultKind.Misbehaving, "The server has neither a configuration in /etc/nixos that could be evaluated nor an options.json."));
        }

        try
        {
            // Who builds for it evaluates it, too.
            var evaluates = commit?.Source.BuilderId is { } builder ? await shells(builder, cancellationToken) : shell;
            return await EvaluateAsync(server, evaluates, made, before, system, cancellationToken);
        }
        catch (Exception failed) when (failed is ConnectionException { Fault.Kind: ConnectionFaultKind.Misbehaving } or OperationCanceledException && made.Manual is not null && before is not { Origin: SchemaOrigin.Evaluated })
        {
            log.LogWarning("Server {Server} cannot be evaluated, its options.json is taken: {Why}", server, failed.Message);
            using var patience = new CancellationTokenSource(ManualPatience, time);
            return await ReadManualAsync(server, shell, made.Manual, made.Stamp, system, patience.Token);
        }
    }

    private async Task<ServerSchema> EvaluateAsync(ServerId server, IRemoteShell shell, SourceOnServer made, ServerSchema? before, string? system, CancellationToken cancellationToken)
    {
        var same = before is { Origin: SchemaOrigin.Evaluated } && made.Stamp is not null && before.Stamp == made.Stamp;
        SchemaReading<Option>? read = null;
        if (!same)
        {
            Step(server, SchemaStep.Options);
            read = await SchemaReader.ReadOptionsAsync(shell, made.Source!, cancellationToken);
        }

        Step(server, SchemaStep.Values);
        var set = await SchemaReader.ReadSetAsync(shell, made.Source!, cancellationToken);
        var commit = made.Source as CommitSource;
        if (read is not null)
        {
            Step(server, SchemaStep.Indexing);
        }

        var revision = read is null ? before!.Revision : SchemaShelf.RevisionOf(read.Told);
        var index = read is null ? before!.Index : _shelf.IndexOf(revision, read.Told);
        return Kept(server, new ServerSchema
        {
            Index = index,
            Revision = revision,
            Origin = SchemaOrigin.Evaluated,
            Count = index.Count,
            Here = SchemaShelf.Sorted(LostDefinition.Among(set.Told, await SchemaReader.ReadLostAsync(shell, made.Source!, cancellationToken))),
            ReadAt = time.GetUtcNow(),
            Whole = set.Whole && (read?.Whole ?? before!.Whole),
            Stamp = made.Stamp,
            System = system,
            Commit = commit?.Commit,
            Configuration = commit?.Configuration,
        });
    }

    private async Task<ServerSchema> ReadManualAsync(ServerId server, IRemoteShell shell, string file, string? stamp, string? system, CancellationToken cancellationToken)
    {
        Step(server, SchemaStep.Options);
        return OfManual(server, await ManualReader.ReadAsync(shell, file, cancellationToken), stamp, system);
    }

    // What is set is not told by such a file.
    private ServerSchema OfManual(ServerId server, ImmutableArray<Option> options, string? stamp, string? system)
    {
        var revision = SchemaShelf.RevisionOf(options);
        var index = _shelf.IndexOf(revision, options);
        return Kept(server, new ServerSchema { Index = index, Revision = revision, Origin = SchemaOrigin.Manual, Count = index.Count, Here = SchemaShelf.Sorted([]), ReadAt = time.GetUtcNow(), Whole = true, Stamp = stamp, System = system });
    }

    private ServerSchema Kept(ServerId server, ServerSchema schema)
    {
        _shelf.Keep(server, schema);
        return schema;
    }

    private void Step(ServerId server, SchemaStep step) => Set(server, state => state with { Step = step });

    private void Set(ServerId server, Func<SchemaState, SchemaState> change)
    {
        _states[server] = change(this[server]);
        _changed.Tell(server);
    }
}
