using Microsoft.AspNetCore.Components.Server.Circuits;
using OsModa.Dashboard.Live;

namespace OsModa.Dashboard.Pages;

/// <summary>What the pages need of the application, beside what the host, the database, observation and identity bring.</summary>
public static class PageServices
{
    public static void AddPages(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ServerBook>();
        builder.Services.AddSingleton<FleetBoards>();
        builder.Services.AddScoped<PageVisibility>();
        builder.Services.AddSingleton<OpenPages>();
        builder.Services.AddScoped<CircuitHandler, PageLimit>();
        builder.Services.AddSignalR();
    }

    public static void MapLive(this WebApplication app) => app.MapHub<FleetHub>(FleetHub.Path);
}
