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
public sealed class ServerSchemas(StorageSettings settings, ShellOf shells, TimeProvider time, ILogger<ServerSchemas> log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

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

    /// <summary>Takes options out of an <c>options.json</c> that a person has.</summary>
    /// <exception cref="FormatException">It is no such file.</exception>
    public void Take(ServerId server, ReadOnlyMemory<byte> manual) =>
        Set(server, state => new SchemaState(Made(server, [.. OptionsManual.Read(manual)], SchemaOrigin.Manual, whole: true, [], null, null), state.Step, state.Since));

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
        catch (Exception failed) when (failed is ConnectionException or OperationCanceledException or IOException)
        {
            var fault = failed is ConnectionException connection ? connection.Fault
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
        var made = await SourceOnServer.AskAsync(shell, cancellationToken);
        if (made.Source is not { } source)
        {
            return made.Manual is { } only
                ? await ReadManualAsync(server, shell, only, made.Stamp, system, cancellationToken)
                : throw new ConnectionException(new ConnectionFault(ConnectionFaultKind.Misbehaving, "The server has neither a configuration in /etc/nixos that could be evaluated nor an options.json."));
        }

        try
        {
            var same = before is { Origin: SchemaOrigin.Evaluated } && made.Stamp is not null && before.Stamp == made.Stamp;
            SchemaReading<Option>? read = null;
            if (!same)
            {
                Step(server, SchemaStep.Options);
                read = await SchemaReader.ReadOptionsAsync(shell, source, cancellationToken);
            }

            Step(server, SchemaStep.Values);
            var set = await SchemaReader.ReadSetAsync(shell, source, cancellationToken);
            if (read is null)
            {
                var again = before! with { Here = SchemaShelf.Sorted(set.Told), ReadAt = time.GetUtcNow(), System = system };
                _shelf.Keep(server, again);
                return again;
            }

            Step(server, SchemaStep.Indexing);
            return Made(server, read.Told, SchemaOrigin.Evaluated, read.Whole && set.Whole, set.Told, made.Stamp, system);
        }
        catch (ConnectionException failed) when (failed.Fault.Kind == ConnectionFaultKind.Misbehaving && made.Manual is not null)
        {
            log.LogWarning("Server {Server} cannot be evaluated, its options.json is taken: {Why}", server, failed.Fault.Detail);
            return await ReadManualAsync(server, shell, made.Manual, made.Stamp, system, cancellationToken);
        }
    }

    private async Task<ServerSchema> ReadManualAsync(ServerId server, IRemoteShell shell, string file, string? stamp, string? system, CancellationToken cancellationToken)
    {
        Step(server, SchemaStep.Options);
        return Made(server, await ManualReader.ReadAsync(shell, file, cancellationToken), SchemaOrigin.Manual, whole: true, [], stamp, system);
    }

    private ServerSchema Made(ServerId server, ImmutableArray<Option> options, SchemaOrigin origin, bool whole, ImmutableArray<ValueHere> here, string? stamp, string? system)
    {
        var revision = SchemaShelf.RevisionOf(options);
        var index = _shelf.IndexOf(revision, options);
        var schema = new ServerSchema { Index = index, Revision = revision, Origin = origin, Count = index.Count, Here = SchemaShelf.Sorted(here), ReadAt = time.GetUtcNow(), Whole = whole, Stamp = stamp, System = system };
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
