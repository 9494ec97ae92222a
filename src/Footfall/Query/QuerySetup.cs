using Footfall.History;
using Footfall.Live;
using Footfall.Query.Answers;
using Footfall.Query.Export;
using Footfall.Query.Language;
using Footfall.Words;

namespace Footfall.Query;

internal static class QuerySetup
{
    public static IServiceCollection AddQuery(this IServiceCollection services)
    {
        services
            .AddSingleton<StatsAnswer>()
            .AddSingleton<QueryMetrics>()
            .AddSingleton<QueryConcurrencyLimiter>()
            .AddSingleton<Segments>()
            .AddSingleton<QueryParser>()
            .AddSingleton<IExchange, LiveMoney>()
            .AddSingleton<SitesEndpoint>()
            .AddHostedService<LiveFigures>()
            .AddSingleton<IRealtime, LiveRealtime>()
            .AddSingleton<QueryRunner>()
            .AddSingleton<QueryEndpoint>()
            .AddSingleton<ExportParser>()
            .AddSingleton<ExportConcurrencyLimiter>()
            .AddSingleton<ExportEndpoint>();
        return services;
    }

    public static void MapQuery(this IEndpointRouteBuilder routes)
    {
        var stats = routes.ServiceProvider.GetRequiredService<StatsAnswer>();
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
        routes.MapGet("/api/v1/query/schema", QuerySchema.GetAsync);
    }
}
