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
            .AddSingleton<QueryGate>()
            .AddSingleton<Segments>()
            .AddSingleton<QueryParser>()
            .AddSingleton<IExchange, LiveMoney>()
            .AddSingleton<SitesEndpoint>()
            .AddHostedService<LiveFigures>()
            .AddSingleton<IRealtime, LiveRealtime>()
            .AddSingleton<QueryRunner>()
            .AddSingleton<QueryEndpoint>()
            .AddSingleton<ExportParser>()
            .AddSingleton<ExportGate>()
            .AddSingleton<ExportEndpoint>();
        return services;
    }

    public static void MapQuery(this IEndpointRouteBuilder routes)
    {
        var stats = routes.ServiceProvider.GetRequiredService<StatsAnswer>();
        var query = routes.ServiceProvider.GetRequiredService<QueryEndpoint>();
        routes.MapMethods("/api/v1/stats", ["GET", "HEAD"], stats.GetAsync)
            .WithLimit(routes.ServiceProvider.GetRequiredService<RequestLimits>().Stats);
        var sites = routes.ServiceProvider.GetRequiredService<SitesEndpoint>();
        routes.MapGet("/api/v1/sites", sites.GetAsync);
        routes.MapPost("/api/v1/query", query.PostAsync);
        routes.MapPost("/api/v2/query", query.PostAsync);
        routes.MapGet("/api/v1/export", routes.ServiceProvider.GetRequiredService<ExportEndpoint>().GetAsync);
        routes.MapGet("/api/v1/query/schema", QuerySchema.GetAsync);
    }
}
