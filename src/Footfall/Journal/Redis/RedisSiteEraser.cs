using System.Globalization;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>
/// Deletes a site from Redis: salts, counters and imports at once, by a script that also says so in the stream. Every node that follows the
/// stream forgets the site there, and every history that reads it deletes what it has. The hits in the stream before that entry are seen by
/// nobody; they go when the stream is trimmed, and keys when their time is over.
/// </summary>
internal sealed class RedisSiteEraser(RedisConnectionManager connections) : ISiteEraser
{
    /// <summary>The days around today whose salts there may be: they live for 48 hours, and the next one is made early.</summary>
    private const int DaysBefore = 3, DaysAfter = 2;

    /// <summary>A batch without hits, as <see cref="BatchFormat"/> has it.</summary>
    internal static readonly byte[] EmptyBatch = [0x92, BatchFormat.Version, 0x90];

    internal static readonly RedisScript DeleteScript = new("delete.lua");

    /// <summary>None: the script does all of it or nothing.</summary>
    public IReadOnlyList<string> Pending => [];

    /// <exception cref="IOException">Redis does not answer.</exception>
    public long Begin(string domain)
    {
        try
        {
            var today = (int)(connections.Clock.Now / TimeSpan.MillisecondsPerDay);
            foreach (var day in Enumerable.Range(today - DaysBefore, DaysBefore + DaysAfter + 1))
                connections.Database.KeyDelete(connections.Keys.Salt(domain, day));
            var shard = connections.Keys.Shards[connections.Keys.ShardOf(domain)];
            return (long)DeleteScript.Run(connections.Database, shard.MetaAndStream, [shard.Prefix, domain, EmptyBatch,
                .. ImportCheckpoint.ListSources(domain).Select(source => (RedisValue)$"imports:{source}")]);
        }
        catch (Exception error) when (RedisFault.IsRedisError(error))
        {
            throw RedisFault.CreateReadException(error);
        }
    }

    public Task<(long Hits, bool Freed)> EraseAsync(string domain, bool serving) => Task.FromResult((0L, true));

    /// <summary>Which sites were deleted lately from a shard, and with which entry of its stream.</summary>
    public static async Task<Dictionary<string, long>> ReadRecentAsync(RedisConnectionManager connections, RedisKeys.Shard shard) =>
        (await connections.Database.HashGetAllAsync(shard.Deleted)).ToDictionary(field => field.Name.ToString(), field =>
            long.Parse(field.Value.ToString(), CultureInfo.InvariantCulture));
}
