using Footfall.Api.Export;
using Footfall.Api.Query;
using Footfall.Api.Stats;
using Footfall.Common;
using Footfall.Live;

namespace Footfall.Api;

internal static class ApiSetup
{
    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services
            .AddSingleton<VisitCountsEndpoint>()
            .AddSingleton<QueryMetrics>()
            .AddSingleton<QueryConcurrencyLimiter>()
            .AddSingleton<Segments>()
            .AddSingleton<QueryParser>()
            .AddSingleton<ICurrencyConverter, LiveCurrencyConverter>()
            .AddSingleton<SitesEndpoint>()
            .AddHostedService<DailyStatsLoader>()
            .AddSingleton<IRealtimeReader, LiveRealtimeReader>()
            .AddSingleton<QueryRunner>()
            .AddSingleton<QueryEndpoint>()
            .AddSingleton<ExportParser>()
            .AddSingleton<ExportConcurrencyLimiter>()
            .AddSingleton<ExportEndpoint>();
        return services;
    }

    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        var stats = routes.ServiceProvider.GetRequiredService<VisitCountsEndpoint>();
        var query = routes.ServiceProvider.GetRequiredService<QueryEndpoint>();
        var limits = routes.ServiceProvider.GetRequiredService<RequestLimits>();
        routes.MapMethods("/api/v1/stats", ["GET", "HEAD"], stats.GetAsync).WithLimit(limits.Stats)
            .WithMetadata(new EndpointNeeds { NonBlocking = true, OwnCompression = true });
        var sites = routes.ServiceProvider.GetRequiredService<SitesEndpoint>();
        routes.MapGet("/api/v1/sites", sites.GetAsync);
        routes.MapPost("/api/v1/query", query.PostAsync).WithLimit(limits.Queries).WithMetadata(new EndpointNeeds { OwnBodyLimit = true });
        routes.MapPost("/api/v2/query", query.PostAsync).WithLimit(limits.Queries).WithMetadata(new EndpointNeeds { OwnBodyLimit = true });
        var export = routes.ServiceProvider.GetRequiredService<ExportEndpoint>();
        routes.MapGet("/api/v1/export", export.GetAsync).WithLimit(limits.Exports);
        routes.MapGet("/api/v1/query/schema", QuerySchemaEndpoint.GetAsync);
    }
}
