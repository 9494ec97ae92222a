using Footfall.History.Store;

namespace Footfall.History;

internal static class HistorySetup
{
    public static IServiceCollection AddHistory(this IServiceCollection services) => services
        .AddSingleton<HistoryDatabase>()
        .AddSingleton<HistoryMetrics>()
        .AddSingleton<HistoryStatus>()
        .AddSingleton<Projector>()
        .AddHostedService(static services => services.GetRequiredService<Projector>());
}
