using Footfall.Hosting.Backups;
using Footfall.Hosting.Deletion;

namespace Footfall.Hosting.Control;

internal static class ControlSetup
{
    /// <summary>Behind all stations: what they start is at work before anybody can ask for it.</summary>
    public static IServiceCollection AddControl(this IServiceCollection services) => services
        .AddSingleton<HoldEndpoint>()
        .AddSingleton<SiteDeleter>()
        .AddSingleton<DeletionEndpoint>()
        .AddHostedService<PendingDeletions>()
        .AddHostedService<ControlServer>();
}
