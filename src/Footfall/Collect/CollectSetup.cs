using Footfall.Collect.AccessLog;
using Footfall.Collect.Events;

namespace Footfall.Collect;

internal static class CollectSetup
{
    public static IServiceCollection AddCollect(this IServiceCollection services) => services
        .AddSingleton<CollectMetrics>()
        .AddSingleton<StatsEndpoint>()
        .AddSingleton<EventsEndpoint>()
        .AddSingleton<AccessLogImport>()
        .AddHostedService<ImportServer>();

    public static void MapCollect(this IEndpointRouteBuilder routes)
    {
        var stats = routes.ServiceProvider.GetRequiredService<StatsEndpoint>();
        routes.MapPost("/api/v1/stats", stats.PostAsync);
        routes.MapPost("/api/v1/events", routes.ServiceProvider.GetRequiredService<EventsEndpoint>().PostAsync);
        routes.MapGet("/api/v1/ping", static () => TypedResults.Text("""{"message":"pong"}""", "application/json"));
        routes.MapGet("/api/v1/healthcheck", static () => TypedResults.Text("""{"status":"ok"}""", "application/json"));
    }
}
