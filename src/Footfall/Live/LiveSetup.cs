using Footfall.Common;

namespace Footfall.Live;

internal static class LiveSetup
{
    public static IServiceCollection AddLive(this IServiceCollection services) => services
        .AddSingleton<LiveState>()
        .AddSingleton<ILiveState>(provider => provider.GetRequiredService<LiveState>())
        .AddSingleton<LiveMetrics>()
        .AddSingleton<SseHub>()
        .AddSingleton<LiveEndpoint>();

    public static void MapLive(this IEndpointRouteBuilder routes)
    {
        var endpoint = routes.ServiceProvider.GetRequiredService<LiveEndpoint>();
        routes.MapGet("/api/v1/stats/live", endpoint.GetAsync)
            .WithLimit(routes.ServiceProvider.GetRequiredService<RequestLimits>().LiveConnections)
            .WithMetadata(new EndpointNeeds { OwnCompression = true });
    }
}
