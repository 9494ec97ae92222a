using Footfall.Words;

namespace Footfall.Live;

internal static class LiveSetup
{
    public static IServiceCollection AddLive(this IServiceCollection services) => services
        .AddSingleton<LivePicture>()
        .AddSingleton<ILive>(provider => provider.GetRequiredService<LivePicture>())
        .AddSingleton<LiveMetrics>()
        .AddSingleton<LiveHub>()
        .AddSingleton<LiveEndpoint>();

    public static void MapLive(this IEndpointRouteBuilder routes)
    {
        var live = routes.ServiceProvider.GetRequiredService<LiveEndpoint>();
        routes.MapGet("/api/v1/stats/live", live.GetAsync).WithLimit(routes.ServiceProvider.GetRequiredService<RequestLimits>().LiveConnections)
            .WithMetadata(new EndpointNeeds { OwnCompression = true });
    }
}
