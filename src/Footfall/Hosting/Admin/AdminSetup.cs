
namespace Footfall.Hosting.Admin;

internal static class AdminSetup
{
    /// <summary>After all features: their services run before any command can request them.</summary>
    public static IServiceCollection AddAdminSocket(this IServiceCollection services) => services
        .AddSingleton<BackupLockEndpoint>()
        .AddSingleton<SiteEraser>()
        .AddSingleton<SiteErasureEndpoint>()
        .AddHostedService<PendingErasureService>()
        .AddHostedService<AdminSocketServer>();
}
