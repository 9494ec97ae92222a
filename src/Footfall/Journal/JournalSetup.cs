using Footfall.History;

namespace Footfall.Journal;

internal static class JournalSetup
{
    public static IServiceCollection AddJournal(this IServiceCollection services) => services
        .AddSingleton<JournalMetrics>()
        .AddSingleton<SqliteJournal>()
        .AddSingleton<IJournal>(static services => services.GetRequiredService<SqliteJournal>())
        .AddSingleton<IHitSource>(static services => services.GetRequiredService<SqliteJournal>())
        .AddSingleton<ISalts, SaltStore>();
}
