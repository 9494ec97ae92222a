namespace Footfall.Live;

internal static class LiveSetup
{
    public static IServiceCollection AddLive(this IServiceCollection services) => services
        .AddSingleton<ILive, LivePicture>();

    public static void MapLive(this IEndpointRouteBuilder routes)
    {
    }
}
