namespace Footfall.Query;

internal static class QuerySetup
{
    public static IServiceCollection AddQuery(this IServiceCollection services) => services
        .AddSingleton<StatsAnswer>();

    public static void MapQuery(this IEndpointRouteBuilder routes)
    {
        var stats = routes.ServiceProvider.GetRequiredService<StatsAnswer>();
        routes.MapMethods("/api/v1/stats", ["GET", "HEAD"], stats.GetAsync);
    }
}
