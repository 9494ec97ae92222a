using Footfall.Collect.AccessLog;
using Footfall.Collect.Events;
using Footfall.Collect.Orders;
using Footfall.Words;

namespace Footfall.Collect;

internal static class CollectSetup
{
    public static IServiceCollection AddCollect(this IServiceCollection services) => services
        .AddSingleton<CollectMetrics>()
        .AddSingleton<BodyMemory>()
        .AddSingleton<StatsEndpoint>()
        .AddSingleton<EventsEndpoint>()
        .AddSingleton<PixelEndpoint>()
        .AddSingleton<AccessLogImport>()
        .AddSingleton<OrderImport>()
        .AddSingleton<ImportEndpoint>();

    public static void MapCollect(this IEndpointRouteBuilder routes)
    {
        var stats = routes.ServiceProvider.GetRequiredService<StatsEndpoint>();
        var limits = routes.ServiceProvider.GetRequiredService<RequestLimits>();
        // The original program's framework answers HEAD wherever it answers GET, and monitors ask so.
        string[] getOrHead = [HttpMethods.Get, HttpMethods.Head];
        routes.MapPost("/api/v1/stats", stats.PostAsync).WithLimit(limits.Stats)
            .WithMetadata(new EndpointNeeds { NonBlocking = true, OwnCompression = true });
        routes.MapPost("/api/v1/events", routes.ServiceProvider.GetRequiredService<EventsEndpoint>().PostAsync).WithLimit(limits.Events)
            .WithMetadata(new EndpointNeeds { NonBlocking = true, CrossOrigin = true, OwnBodyLimit = true, OwnCompression = true });
        routes.MapGet("/api/v1/pixel.gif", routes.ServiceProvider.GetRequiredService<PixelEndpoint>().GetAsync).WithLimit(limits.Events);
        routes.MapMethods("/api/v1/ping", getOrHead, static () => TypedResults.Text("""{"message":"pong"}""", "application/json"));
        routes.MapMethods("/api/v1/healthcheck", getOrHead, static () => TypedResults.Text("""{"status":"ok"}""", "application/json"));
    }
}
