using Footfall.Common;
using Footfall.History.Export;
using Footfall.History.Projection;
using Footfall.History.Queries;
using Footfall.History.Schema;
using Microsoft.Extensions.Options;

namespace Footfall.History;

internal static class HistorySetup
{
    public static IServiceCollection AddHistory(this IServiceCollection services) => services
        .AddSingleton<IValidateOptions<FootfallOptions>, HistoryOptionsValidator>()
        .AddSingleton<HistoryDatabase>()
        .AddSingleton(static services => new ExchangeRatesFile(
            services.GetRequiredService<IOptions<FootfallOptions>>().Value.History.Rates, services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<ExchangeRatesFile>>()))
        .AddSingleton(static services =>
            new HistoryQueries(services.GetRequiredService<HistoryDatabase>().Connect, services.GetRequiredService<ExchangeRatesFile>()))
        .AddSingleton<IHistory, DuckDbHistory>()
        .AddSingleton<IHistoryExport, DuckDbExport>()
        .AddSingleton<HistoryMetrics>()
        .AddSingleton<HistoryStatus>()
        .AddSingleton<Projector>()
        .AddHostedService(static services => services.GetRequiredService<Projector>());
}
