using Footfall.History.Exports;
using Footfall.History.Planning;
using Footfall.History.Store;
using Footfall.Words;
using Microsoft.Extensions.Options;

namespace Footfall.History;

internal static class HistorySetup
{
    public static IServiceCollection AddHistory(this IServiceCollection services) => services
        .AddSingleton<IValidateOptions<FootfallOptions>, HistoryOptionsValidator>()
        .AddSingleton<HistoryDatabase>()
        .AddSingleton(static services => new Rates(
            services.GetRequiredService<IOptions<FootfallOptions>>().Value.History.Rates, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<Rates>>()))
        .AddSingleton(static services => new HistoryQueries(services.GetRequiredService<HistoryDatabase>().Connect, services.GetRequiredService<Rates>()))
        .AddSingleton<IHistory, DuckHistory>()
        .AddSingleton<IHistoryExport, DuckExport>()
        .AddSingleton<HistoryMetrics>()
        .AddSingleton<HistoryStatus>()
        .AddSingleton<Projector>()
        .AddHostedService(static services => services.GetRequiredService<Projector>());
}
