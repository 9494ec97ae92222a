using Footfall.Common;
using Footfall.Ingest.Events;
using Footfall.Ingest.Pixel;
using Footfall.Ingest.Stats;

namespace Footfall.Ingest;

internal static class IngestSetup
{
    public static IServiceCollection AddIngest(this IServiceCollection services) => services
        .AddSingleton<IngestMetrics>()
        .AddSingleton<HitAcceptorFactory>()
        .AddSingleton<BodyMemoryLimiter>()
        .AddSingleton<StatsEndpoint>()
        .AddSingleton<EventsEndpoint>()
        .AddSingleton<PixelEndpoint>();

    public static void MapIngest(this IEndpointRouteBuilder routes)
    {
        var stats = routes.ServiceProvider.GetRequiredService<StatsEndpoint>();
        var limits = routes.ServiceProvider.GetRequiredService<RequestLimits>();
        // The original program's framework handles HEAD wherever it handles GET, and monitors use HEAD.
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
