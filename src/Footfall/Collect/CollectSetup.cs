using Footfall.Collect.AccessLog;
using Footfall.Collect.Events;
using Footfall.Collect.Orders;

namespace Footfall.Collect;

internal static class CollectSetup
{
    public static IServiceCollection AddCollect(this IServiceCollection services) => services
        .AddSingleton<CollectMetrics>()
        .AddSingleton<StatsEndpoint>()
        .AddSingleton<EventsEndpoint>()
        .AddSingleton<PixelEndpoint>()
        .AddSingleton<AccessLogImport>()
        .AddSingleton<OrderImport>()
        .AddSingleton<ImportEndpoint>();

    public static void MapCollect(this IEndpointRouteBuilder routes)
    {
        var stats = routes.ServiceProvider.GetRequiredService<StatsEndpoint>();
        // The original program's framework answers HEAD wherever it answers GET, and monitors ask so.
        string[] getOrHead = [HttpMethods.Get, HttpMethods.Head];
        routes.MapPost("/api/v1/stats", stats.PostAsync);
        routes.MapPost("/api/v1/events", routes.ServiceProvider.GetRequiredService<EventsEndpoint>().PostAsync);
        routes.MapGet("/api/v1/pixel.gif", routes.ServiceProvider.GetRequiredService<PixelEndpoint>().GetAsync);
        routes.MapMethods("/api/v1/ping", getOrHead, static () => TypedResults.Text("""{"message":"pong"}""", "application/json"));
        routes.MapMethods("/api/v1/healthcheck", getOrHead, static () => TypedResults.Text("""{"status":"ok"}""", "application/json"));
    }
}
