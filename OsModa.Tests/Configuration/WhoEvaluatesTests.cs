using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Configuration;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Core.Storage;
using OsModa.Tests.Operations;
using Xunit;

namespace OsModa.Tests.Configuration;

/// <summary>Which machine tells a server's options and packages, and what is done where none does.</summary>
public sealed class WhoEvaluatesTests : IAsyncDisposable
{
    private readonly OperationRoom _room = OperationRoom.OpenAsync().GetAwaiter().GetResult();
    private readonly StorageSettings _settings = new() { Folder = Directory.CreateTempSubdirectory("osmoda-who-").FullName };
    private readonly ConfigurationRepositories _repositories;
    private readonly Server _builder;
    private readonly ScriptedShell _there = new() { Answer = (script, _) => script == "options.sh" ? ["part", "=[]", "part-end", "end"] : [] };

    public WhoEvaluatesTests()
    {
        _repositories = new ConfigurationRepositories(_settings);
        _builder = new Server { Id = ServerId.New(), OrganisationId = _room.Server.OrganisationId, Name = "builder", Address = "192.0.2.8", Login = "root", AddedAt = _room.Clock.GetUtcNow() };
        _room.Shell.Answer = (script, _) => script switch
        {
            "schema-source.sh" => ["channel", "manual\t/options.json"],
            "options.sh" => throw new OperationCanceledException(),
            "manual.sh" => ["={\"services.web.enable\":{\"loc\":[\"services\",\"web\",\"enable\"],\"type\":\"boolean\",\"description\":\"\"}}", "end"],
            _ => [],
        };
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ShellOf Shells => (server, _) => ValueTask.FromResult<IRemoteShell>(server == _builder.Id ? _there : _room.Shell);

    private ConfiguredSource Configured => new(_room.Database, _repositories);

    public ValueTask DisposeAsync() => _room.DisposeAsync();

    [Fact]
    public async Task A_server_that_does_not_tell_its_options_in_time_has_those_of_its_manual()
    {
        var schemas = new ServerSchemas(_settings, Shells, Configured, _room.Clock, NullLogger<ServerSchemas>.Instance);

        await schemas.ReadAsync(_room.Server.Id, null);

        Assert.Equal((SchemaOrigin.Manual, 1), (schemas[_room.Server.Id].Schema?.Origin, schemas[_room.Server.Id].Schema?.Count));
    }

    [Fact]
    public async Task Who_builds_for_a_server_is_asked_for_its_options_and_packages()
    {
        await BuildElsewhereAsync();
        var schemas = new ServerSchemas(_settings, Shells, Configured, _room.Clock, NullLogger<ServerSchemas>.Instance);

        await schemas.ReadAsync(_room.Server.Id, null);
        Assert.Equal(SchemaOrigin.Evaluated, schemas[_room.Server.Id].Schema?.Origin);
        var asked = _there.Asked.Count;
        var found = await new FindPackages(new ServerDirectory(_room.Database), Configured, Shells).RunAsync(_room.Ann, _room.Server.Id, "htop", Stop);

        Assert.True(found.Done);
        Assert.Equal(asked + 1, _there.Asked.Count);
        Assert.Equal(["schema-source.sh"], _room.Shell.Asked.Select(question => question.Script));
    }

    private async Task BuildElsewhereAsync()
    {
        var context = _room.Database.OpenForAll();
        await using (context)
        {
            context.Servers.Add(_builder);
            context.ServerSources.Add(new ServerSource { ServerId = _room.Server.Id, OrganisationId = _room.Server.OrganisationId, Kind = SourceKind.Flake, FlakeName = "web1", BuilderId = _builder.Id, AdoptedAt = _room.Clock.GetUtcNow() });
            await context.SaveChangesAsync(Stop);
        }

        var repository = await _repositories.OfAsync(_room.Server.OrganisationId);
        var files = new Dictionary<string, byte[]?>(StringComparer.Ordinal) { ["flake.nix"] = [.. "{ }\n"u8] };
        await repository.CommitAsync(null, files, new CommitWords("Ann", "", _room.Clock.GetUtcNow(), "A file", ""));
    }
}
