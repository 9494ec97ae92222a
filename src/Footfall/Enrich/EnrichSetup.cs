using Footfall.Common;
using Footfall.Enrich.Agents;
using Microsoft.Extensions.Options;

namespace Footfall.Enrich;

internal static class EnrichSetup
{
    public static IServiceCollection AddEnrich(this IServiceCollection services) => services
        .AddSingleton<IValidateOptions<FootfallOptions>, EnrichOptionsValidator>()
        .AddSingleton(static services => ActivatorUtilities.CreateInstance<ReferenceFiles>(services, ReferenceFiles.DefaultDirectory))
        .AddSingleton<ClientAddressResolver>()
        .AddSingleton<CountryLookup>()
        .AddSingleton<BotDetector>()
        .AddSingleton<UserAgentParser>()
        .AddSingleton<VisitorHasher>()
        .AddSingleton<HitOriginFactory>()
        .AddSingleton<WhereAmIEndpoint>();

    public static void MapEnrich(this IEndpointRouteBuilder routes)
    {
        var whereAmI = routes.ServiceProvider.GetRequiredService<WhereAmIEndpoint>();
        routes.MapGet("/api/v1/whereami", whereAmI.Get)
            .WithSummary("Which client address this server sees, and its country")
            .WithDescription("For setting up a proxy: the client address and country that this server sees, and why.");
        // Created now, not at the first hit: old salts are destroyed at startup, and an unreadable file stops the program.
        routes.ServiceProvider.GetRequiredService<VisitorHasher>();
    }
}
