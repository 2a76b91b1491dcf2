using Microsoft.AspNetCore.Connections;
using OsModa.Core.Comparison;
using OsModa.Core.Servers;
using OsModa.Core.Storage;
using OsModa.Dashboard.Api;
using OsModa.Dashboard.Commands;
using OsModa.Dashboard.Components;
using OsModa.Dashboard.Composition;
using OsModa.Dashboard.Identity;
using OsModa.Dashboard.Live;
using OsModa.Dashboard.Pages;

if (Command.Of(args) is { } command)
{
    return command.Run(Console.Out, Console.Error);
}

try
{
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = DemoSetup.WithoutFlag(args), ContentRootPath = AppContext.BaseDirectory });
    builder.AddHost();
    builder.AddDemo(args);
    builder.AddDatabase();
    builder.AddAuditLedger();
    builder.Services.AddServers();
    builder.AddConnections();
    builder.AddServerObservation();
    builder.AddServerOperations();
    builder.Services.AddComparison();
    builder.AddServerConfiguration();
    builder.AddIdentity();
    builder.AddBrowserPages();
    builder.AddPages();

    await using var app = builder.Build();
    app.PrepareDemo();
    var data = Task.Run(app.PrepareDataAsync);    // the slowest step of a start, beside the others
    app.UseHost();
    app.UseIdentity();
    app.UseSupportLooks();
    PageLimit.Refuse(app);
    app.MapHost();
    app.MapIdentity();
    app.MapBrowserPages<App>();
    app.MapLive();
    app.MapComparison();
    app.MapServersComparison();
    app.MapCommitComparison();
    app.MapLedgerFiles();
    app.MapLedgerExports();
    app.MapVerifierScript();
    app.MapLedgerHeads();
    app.MapWitness();

    await app.StartAsync();
    _ = app.AskForFirstPageAsync();
    try
    {
        await data;
    }
    catch
    {
        await app.StopAsync(TimeSpan.FromSeconds(2));    // whoever waits for an answer gets an end
        throw;
    }

    app.Services.GetRequiredService<Preparation>().Finish();
    await app.PrintWelcomeAsync();
    await app.PrintDemoAsync();
    await app.WaitForShutdownAsync();
    return 0;
}
catch (IOException taken) when (taken.InnerException is AddressInUseException)
{
    await Console.Error.WriteLineAsync($"{taken.Message} Stop what uses it, or choose another address: --urls http://127.0.0.1:5081");
    return 1;
}
catch (OperationCanceledException)
{
    return 0;    // stopped while the data was prepared
}
catch (StartRefusedException refused)
{
    await Console.Error.WriteLineAsync(refused.Message);
    return 1;
}
