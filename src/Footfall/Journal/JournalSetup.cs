using Footfall.History;
using Footfall.Journal.Redis;
using Footfall.Journal.Sqlite;

namespace Footfall.Journal;

internal static class JournalSetup
{
    /// <summary>Registers both journals; the settings decide which one is created.</summary>
    public static IServiceCollection AddJournal(this IServiceCollection services) => services
        .AddSingleton<JournalMetrics>()
        .AddSingleton<SqliteJournal>()
        .AddSingleton<SqliteSaltStore>()
        .AddSingleton<SqliteSiteEraser>()
        .AddRedis()
        .AddSingleton<IJournal>(static services =>
            services.IsOnRedis() ? services.GetRequiredService<RedisJournal>() : services.GetRequiredService<SqliteJournal>())
        .AddSingleton(static services => services.IsOnRedis()
            ? services.GetRequiredService<RedisConnectionManager>().KeyHasher
            : services.GetRequiredService<SqliteJournal>().KeyHasher)
        .AddSingleton<IHitSource>(static services =>
            services.IsOnRedis() ? services.GetRequiredService<RedisHitSource>() : services.GetRequiredService<SqliteJournal>())
        .AddSingleton<ISaltStore>(static services =>
            services.IsOnRedis() ? services.GetRequiredService<RedisSaltStore>() : services.GetRequiredService<SqliteSaltStore>())
        .AddSingleton<ISiteEraser>(static services =>
            services.IsOnRedis() ? services.GetRequiredService<RedisSiteEraser>() : services.GetRequiredService<SqliteSiteEraser>());

    /// <summary>The <see cref="IJournal.GetUnsupportedReason"/> of the configured journal, without opening it.</summary>
    public static string? GetUnsupportedReason(this IServiceProvider services, FileOperation operation) =>
        services.IsOnRedis() ? RedisJournal.ExplainUnsupported(operation) : null;
}
