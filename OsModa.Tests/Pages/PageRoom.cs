using System.Security.Claims;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Accounts;
using OsModa.Core.Comparison;
using OsModa.Core.Configuration;
using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Witnessing;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Core.Storage;
using OsModa.Dashboard.Identity;
using OsModa.Dashboard.Live;
using OsModa.Tests.Operations;
using OsModa.Tests.Storage;
using Radzen;
using Xunit;

namespace OsModa.Tests.Pages;

/// <summary>What a page needs: a signed-in person, a database of its own, the real verbs, and a server that answers as scripted.</summary>
public abstract class PageRoom : BunitContext, IAsyncLifetime
{
    private readonly DirectoryInfo _guard = Directory.CreateTempSubdirectory("osmoda-guard-");
    private TemporaryDatabase? _database;
    private Database? _opened;

    protected PageRoom() => DefaultWaitTimeout = TimeSpan.FromSeconds(20);

    protected Fleet Fleet => Services.GetRequiredService<Fleet>();

    protected Database Database => _opened!;

    protected Caller Ann { get; private set; } = new(default, "", default, default);

    internal ScriptedShell Shell { get; } = new() { Answer = (script, _) => script == "start-switch.sh" ? ["started"] : [] };

    internal LateAnswers Late { get; } = new();

    protected virtual Role Role => Role.Owner;

    /// <summary>What pages and verbs go by.</summary>
    protected virtual TimeProvider Clock => TimeProvider.System;

    /// <summary>The database answers later than it is asked, as one over a network does.</summary>
    protected virtual bool IsDatabaseSlow => false;

    /// <summary>The newest signed heads are where the database is.</summary>
    protected virtual bool IsGuardWithin => false;

    protected virtual WitnessSettings Witnesses => WitnessSettings.None;

    public async ValueTask InitializeAsync()
    {
        _database = await TemporaryDatabase.OpenAsync();
        _opened = IsDatabaseSlow ? new Database(_database.Settings, interceptors: [Late]) : _database.Database;
        Ann = await _database.CallerAsync(Role);
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton(Clock);
        Services.AddSingleton(_database.Settings);
        Services.AddSingleton(_opened);
        Services.AddAccounts();
        Services.AddLedger(LedgerSettings.In(_database.Settings, "ledger.example", IsGuardWithin ? Path.Combine(_database.Settings.Folder, "guard") : _guard.FullName), Witnesses);
        Services.AddServers();
        Services.AddSsh(new SshSettings());
        Services.AddObservation();
        Services.AddOperations();
        Services.AddComparison();
        Services.AddConfiguration();
        Services.AddSingleton<ShellOf>(_ => (_, _) => ValueTask.FromResult<IRemoteShell>(Shell));
        Services.AddSingleton<ServerBook>();
        Services.AddSingleton<FleetBoards>();
        Services.AddScoped<OpenOrganisation>();
        Services.AddScoped<CurrentCaller>();
        Services.AddScoped<PageVisibility>();
        Services.AddRadzenComponents();
        AddAuthorization().SetAuthorized(Ann.Name).SetClaims(
            new Claim(ClaimTypes.NameIdentifier, Ann.PersonId.ToString()),
            new Claim("AspNet.Identity.SecurityStamp", "stamp"));
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));    // last: from here on no service can be added
        await ArrangeAsync();
    }

    public new async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        _guard.Delete(recursive: true);

        GC.SuppressFinalize(this);
    }

    protected virtual Task ArrangeAsync() => Task.CompletedTask;

    protected async Task<Server> AddServerAsync(string name, string? tags = null)
    {
        var owner = Ann with { Role = Role.Owner };
        var added = await Services.GetRequiredService<AddServer>().RunAsync(owner, new ServerForm(name, $"{name}.example.org", "22", "root", Tags: tags), Xunit.TestContext.Current.CancellationToken);
        return added.Value ?? throw new InvalidOperationException(string.Join(' ', added.Errors.ByField.Values));
    }

    /// <summary>Its configuration is in the repository from here on.</summary>
    protected async Task AdoptAsync(Server server)
    {
        var context = Database.OpenForAll();
        await using (context)
        {
            context.ServerSources.Add(new ServerSource { ServerId = server.Id, OrganisationId = server.OrganisationId, Kind = SourceKind.Channel, AdoptedAt = TimeProvider.System.GetUtcNow() });
            await context.SaveChangesAsync(Xunit.TestContext.Current.CancellationToken);
        }
    }

    protected void GoTo(string address) => Services.GetRequiredService<NavigationManager>().NavigateTo(address);

    protected static StorePath SystemOf(int generation) => StorePath.Parse($"/nix/store/{new string((char)('a' + (generation % 4)), 32)}-nixos-system-web1-{generation}");

    protected static UnitState Unit(string name, UnitHealth health = UnitHealth.Healthy) => new() { Name = UnitName.Parse(name), Health = health };

    /// <summary>A server with generations 40 to 43 that runs, booted and would boot the given ones.</summary>
    protected static ServerState Running(ServerState state, int current = 42, int? nextBoot = null, int? booted = null) => state with
    {
        Reach = Reach.Live,
        HeardAt = TimeProvider.System.GetUtcNow(),
        Host = new HostFacts { MayAct = true, OsName = "NixOS 24.05 (Uakari)", Cores = 4 },
        Generations = [.. new[] { 43, 42, 41, 40 }.Select(n => new Generation { Number = n, System = SystemOf(n), ActivatedAt = DateTimeOffset.UnixEpoch.AddDays(n), Label = $"24.05.{n}", KernelVersion = n < 42 ? "6.6.63" : "6.6.68" })],
        Pins = new SystemPins(SystemOf(current), SystemOf(booted ?? current), SystemOf(nextBoot ?? current), nextBoot ?? current, (booted ?? current) != current),
        Units = state.Units.SetItem(UnitName.Parse("nginx.service"), Unit("nginx.service")),
    };
}
