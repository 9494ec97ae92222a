using System.Globalization;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>
/// Deletes a site from Redis: salts, counters and imports at once, in a script that also adds a deletion entry to the stream. There, every
/// node removes the site from its live state and every history deletes its data. Earlier hits in the stream are ignored; they go with
/// trimming, and keys expire.
/// </summary>
internal sealed class RedisSiteEraser(RedisConnectionManager connections) : ISiteEraser
{
    /// <summary>The days around today that may have salts: they live for 48 hours, and the next one is created early.</summary>
    private const int DaysBefore = 3, DaysAfter = 2;

    /// <summary>A batch without hits, in <see cref="BatchFormat"/>.</summary>
    internal static readonly byte[] EmptyBatch = [0x92, BatchFormat.Version, 0x90];

    internal static readonly RedisScript DeleteScript = new("delete.lua");

    /// <summary>None: the script is atomic.</summary>
    public IReadOnlyList<string> Pending => [];

    /// <exception cref="IOException">Redis does not respond.</exception>
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

    /// <summary>The sites that were recently deleted from a shard, and the stream entries of the deletions.</summary>
    public static async Task<Dictionary<string, long>> ReadRecentAsync(RedisConnectionManager connections, RedisKeys.Shard shard) =>
        (await connections.Database.HashGetAllAsync(shard.Deleted)).ToDictionary(field => field.Name.ToString(), field =>
            long.Parse(field.Value.ToString(), CultureInfo.InvariantCulture));
}
