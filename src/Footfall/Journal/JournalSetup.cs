namespace Footfall.Journal;

internal static class JournalSetup
{
    public static IServiceCollection AddJournal(this IServiceCollection services) => services
        .AddSingleton<JournalMetrics>()
        .AddSingleton<IJournal, SqliteJournal>()
        .AddSingleton<ISalts, SaltStore>();
}
