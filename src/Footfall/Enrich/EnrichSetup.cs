namespace Footfall.Enrich;

internal static class EnrichSetup
{
    public static IServiceCollection AddEnrich(this IServiceCollection services) => services
        .AddSingleton<ClientAddresses>()
        .AddSingleton<CountryLookup>()
        .AddSingleton<Visitors>()
        .AddSingleton<HitOrigins>();

    public static void MapEnrich(this IEndpointRouteBuilder routes)
    {
    }
}
