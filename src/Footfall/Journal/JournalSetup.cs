using Footfall.History;
using Footfall.Journal.Redis;
using Footfall.Words;

namespace Footfall.Journal;

internal static class JournalSetup
{
    /// <summary>Both journals; which one is made the settings say.</summary>
    public static IServiceCollection AddJournal(this IServiceCollection services) => services
        .AddSingleton<JournalMetrics>()
        .AddSingleton<SqliteJournal>()
        .AddSingleton<SaltStore>()
        .AddSingleton<SqliteSiteRemoval>()
        .AddRedis()
        .AddSingleton<IJournal>(static services => services.IsOnRedis() ? services.GetRequiredService<RedisJournal>() : services.GetRequiredService<SqliteJournal>())
        .AddSingleton(static services => services.IsOnRedis()
            ? services.GetRequiredService<RedisLink>().KeyHasher
            : services.GetRequiredService<SqliteJournal>().KeyHasher)
        .AddSingleton<IHitSource>(static services => services.IsOnRedis() ? services.GetRequiredService<RedisHitSource>() : services.GetRequiredService<SqliteJournal>())
        .AddSingleton<ISalts>(static services => services.IsOnRedis() ? services.GetRequiredService<RedisSalts>() : services.GetRequiredService<SaltStore>())
        .AddSingleton<ISiteRemoval>(static services => services.IsOnRedis() ? services.GetRequiredService<RedisSiteRemoval>() : services.GetRequiredService<SqliteSiteRemoval>());

    /// <summary>What <see cref="IJournal.WhyNot"/> says of the journal of the settings, without opening it.</summary>
    public static string? WhyNot(this IServiceProvider services, FileWork work) => services.IsOnRedis() ? RedisJournal.Instead(work) : null;
}
