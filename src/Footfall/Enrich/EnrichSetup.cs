namespace Footfall.Enrich;

internal static class EnrichSetup
{
    public static IServiceCollection AddEnrich(this IServiceCollection services) => services
        .AddSingleton<ClientAddresses>();

    public static void MapEnrich(this IEndpointRouteBuilder routes)
    {
    }
}
