
namespace Footfall.Hosting.Admin;

internal static class AdminSetup
{
    /// <summary>Behind all stations: what they start is at work before anybody can ask for it.</summary>
    public static IServiceCollection AddAdminSocket(this IServiceCollection services) => services
        .AddSingleton<BackupLockEndpoint>()
        .AddSingleton<SiteEraser>()
        .AddSingleton<SiteErasureEndpoint>()
        .AddHostedService<PendingErasureService>()
        .AddHostedService<AdminSocketServer>();
}
